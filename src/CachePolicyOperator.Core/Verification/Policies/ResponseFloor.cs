using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>
/// No policy changes what a response says of itself and of whose it is: what caches before this one, and browsers, keep
/// by it.
/// </summary>
internal sealed class ResponseFloor : IPolicyProperty
{
    public string Code => "response/floor";

    public IEnumerable<Diagnostic> Check(ModelFacts facts)
    {
        var ofAll = facts.Policies.Policy.Response;
        return Check(ofAll, ResponseEdits.None, "spec.response")
            .Concat(facts.Rules.Items.SelectMany(rule => Check(rule.Response, ofAll, $"{rule.Path}.response")));
    }

    private IEnumerable<Diagnostic> Check(ResponseEdits edits, ResponseEdits told, string path) =>
        Refused(edits.Set.Items.Except(told.Set.Items).Select(f => f.Name), $"{path}.set")
            .Concat(Refused(edits.Unset.Items.Except(told.Unset.Items), $"{path}.unset"));

    private IEnumerable<Diagnostic> Refused(IEnumerable<string> names, string path) =>
        from name in names
        where !ResponseFields.IsEditable(name)
        select Diagnostic.Error(Code, path, $"the response field `{name}` is not the policy's to change", Remedy(name));

    private static string Remedy(string name) =>
        ResponseFields.IsOfCors(name) ? "say in `response.cors` which sites' scripts may read a response"
        : name.StartsWith("x-cachepolicy-", StringComparison.OrdinalIgnoreCase)
            ? "fields of that name are the cache's own; use another"
        : "let the origin say it: browsers and caches before this one keep and read a response by it";
}
