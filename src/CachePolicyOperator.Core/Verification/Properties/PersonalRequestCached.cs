using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// No request to a personal route reaches a lookup, whatever it carries; and no URL sent to the origin on a fetch that
/// may be stored is personal, whatever the client asked for.
/// </summary>
internal sealed class PersonalRequestCached : IVclProperty
{
    public string Code => "personal/cacheable";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        foreach (var lookup in explored.Lookups.SelectMany(l => explored.Personal(l, new InputText(Input.Url))))
        {
            yield return new Finding(Code, Severity.Error, lookup, lookup.Trace[^1],
                "a request to a personal route is looked up in the shared cache",
                "return `pass` for personal routes before anything returns `hash`");
        }

        foreach (var store in explored.Stores)
        {
            var sent = store.State.UrlSent();
            foreach (var path in sent == new InputText(Input.Url) ? [] : explored.Personal(store.State, sent))
            {
                yield return new Finding(Code, Severity.Error, path, store.Return!.Span,
                    "the URL sent to the origin is personal, and the answer is stored",
                    "decide what is personal after the last rewrite of the URL, on the original and on the rewritten " +
                        "one");
            }

            if (explored.NamedInQuery(store.State, sent) is { } named)
            {
                yield return new Finding(Code, Severity.Error, named, store.Return!.Span,
                    "a query that names a page to the origin, whatever the path is, is sent to it, and the answer is " +
                        "stored",
                    "pass requests with such a query parameter, or remove it before the lookup");
            }
        }
    }
}
