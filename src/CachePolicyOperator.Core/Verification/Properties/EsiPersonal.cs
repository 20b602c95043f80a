using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Flows;
using CachePolicyOperator.Core.Verification.State;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// Fragments are asked for with the request as the client sent it, not as the VCL edited it for the page around them: a
/// fragment that is looked up must be as anonymous as any page. And what is somebody's own page is not parsed for
/// fragments, since what that person typed would be (SP14).
/// </summary>
internal sealed class EsiPersonal : IVclProperty
{
    public string Code => "esi/personal";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var parents = explored.Stores.Where(s => s.State.IsParsedForEsi).ToArray();
        var passedParents = explored.Passes.Where(p => p.State.IsParsedForEsi).ToArray();
        if (parents.Length > 0 || passedParents.Length > 0)
        {
            foreach (var finding in Fragments(explored))
            {
                yield return finding;
            }
        }

        foreach (var parent in passedParents)
        {
            foreach (var path in explored.Personal(parent.State, parent.State.UrlSent()))
            {
                yield return new Finding(Code, explored.Question.WarningUnlessStrict(), path, parent.Return!.Span,
                    "a personal response is parsed for ESI: what a user typed into it becomes a request",
                    "`set beresp.do_esi = true;` only for URLs that a condition names, and never where " +
                        "`bereq.uncacheable`");
            }
        }
    }

    // Only what is different for fragments: a path on which the VCL asked whether the request is one.
    private IEnumerable<Finding> Fragments(ExploredStates explored)
    {
        var identity = IdentityTaint.Of(explored);
        foreach (var store in explored.Stores.Where(s => EsiLevel.IsFragment(s.State)))
        {
            foreach (var field in identity.Fields.Union(store.State.FieldsWritten()))
            {
                if (identity.LeakIn(store.State, field) is var (path, carrier))
                {
                    yield return new Finding(Code, Severity.Error, path, store.Return!.Span,
                        $"a fragment is fetched with the client's own `{IdentityTaint.Label(carrier)}`, which the " +
                            "page around it had lost, and stored for all",
                        "pass fragments that need to know who asks, and remove identities from the others as from " +
                            "any page");
                }
            }
        }
    }
}
