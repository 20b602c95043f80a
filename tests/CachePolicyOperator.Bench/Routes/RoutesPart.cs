using CachePolicyOperator.Core.Verification.Policies;

namespace CachePolicyOperator.Bench.Routes;

/// <summary>The check that every policy goes through before anything is rendered, on the whole catalogue.</summary>
internal static class RoutesPart
{
    public static Func<string> Ours(string profile)
    {
        var policies = Catalogue.AsPolicies(profile);
        return () =>
        {
            var verdict = ModelCheck.Run(policies);
            return verdict.Diagnostics.Count == 0 ? verdict.Kind.ToString()
                : $"{verdict.Kind}: {verdict.Diagnostics[0].Code}, {verdict.Diagnostics.Count} in all";
        };
    }
}
