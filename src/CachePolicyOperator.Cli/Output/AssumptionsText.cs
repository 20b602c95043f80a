using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Routes.Origins;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Tells a person what a proof rests on.</summary>
internal static class AssumptionsText
{
    public static void Write(ProofAssumptions assumptions, TextWriter output, Paint paint)
    {
        output.WriteLine(paint.Faint("this holds where"));
        foreach (var sentence in Sentences(assumptions))
        {
            output.WriteLine($"  {paint.Faint("-")} {SafeText.Of(sentence)}");
        }

        output.WriteLine(paint.Faint("and says nothing of"));
        foreach (var area in assumptions.NotChecked.Items)
        {
            output.WriteLine(
                $"  {paint.Faint("-")} {(Rules.Describe(area) is { } property ? $"{area}: {property}" : area)}");
        }
    }

    private static IEnumerable<string> Sentences(ProofAssumptions assumptions)
    {
        yield return $"{(EngineVersion.TryParse(assumptions.EngineVersion, out var engine) ? engine.Name : assumptions.EngineVersion)} runs it";
        var chains = OriginProfiles.ChainsOf(assumptions.OriginProfiles.Items)
            .Select(chain => string.Join(", then ", chain.Select(p => $"`{p}`")));
        yield return $"the origin reads targets as {string.Join(", or ", chains)} does";
        yield return "the personal pages are "
            + $"{string.Join(", ", assumptions.PersonalRoutes.Items.Select(r => $"`{r}`"))}";
        string[] carriers =
        [
            "`Authorization`", "`Cookie`",
            .. assumptions.Identity.Cookies.Items.Select(c => $"the cookie `{c}`"),
            .. assumptions.Identity.Headers.Items.Select(h => $"the header `{h}`"),
            .. assumptions.Identity.QueryParameters.Items.Select(q => $"the query parameter `{q}`"),
        ];
        yield return $"nothing else than {string.Join(", ", carriers)} says who asks";
        foreach (var setting in assumptions.Settings.Items)
        {
            yield return setting;
        }
    }
}
