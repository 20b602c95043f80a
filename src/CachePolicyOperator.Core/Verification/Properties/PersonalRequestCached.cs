using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Flows;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// No request to a personal route reaches a lookup, whatever it carries; and no URL sent to the origin on a fetch that
/// may be stored is personal, whatever the client asked for. An error where such a request may say who asks and its
/// answer may be stored; where only requests that say nothing of it get so far, a warning of its own code.
/// </summary>
internal sealed class PersonalRequestCached : IVclProperty
{
    /// <summary>Code where only personal requests without any declared identity are looked up or stored.</summary>
    public const string Anonymous = "personal/anonymous";

    private const string LookedUp = "a request to a personal route is looked up in the shared cache";
    private const string Remedy = "return `pass` for personal routes before anything returns `hash`";

    public string Code => "personal/cacheable";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var mayBeStored = new Lazy<bool>(() => MayBeStored(explored));
        foreach (var lookup in explored.Lookups.SelectMany(l => explored.Personal(l, new InputText(Input.Url))))
        {
            yield return Grade(explored, lookup, lookup.Trace[^1], mayBeStored.Value,
                LookedUp, Remedy);
        }

        // The same, told by the requests whose answers are stored: the first that are looked up may not be.
        if (explored.Lookups is [var first, ..])
        {
            foreach (var path in explored.Stores.SelectMany(s => explored.Personal(s.State, new InputText(Input.Url))))
            {
                if (DeclaredIdentity.Bearing(explored, path) is { } bearing)
                {
                    var place = explored.Lookups.FirstOrDefault(l => path.Trace.Contains(l.Trace[^1])) ?? first;
                    yield return new Finding(Code, Severity.Error, bearing, place.Trace[^1], LookedUp, Remedy);
                }
            }
        }

        foreach (var store in explored.Stores)
        {
            var sent = store.State.UrlSent();
            foreach (var path in sent == new InputText(Input.Url) ? [] : explored.Personal(store.State, sent))
            {
                yield return Grade(explored, path, store.Return!.Span, true,
                    "the URL sent to the origin is personal, and the answer is stored",
                    "decide what is personal after the last rewrite of the URL, on the original and on the rewritten " +
                        "one");
            }

            if (explored.NamedInQuery(store.State, sent) is { } named)
            {
                yield return Grade(explored, named, store.Return!.Span, true,
                    "a query that names a page to the origin, whatever the path is, is sent to it, and the answer is " +
                        "stored",
                    "pass requests with such a query parameter, or remove it before the lookup");
            }
        }
    }

    private Finding Grade(ExploredStates explored, SymbolicState path, SourceSpan place, bool mayBeStored,
        string message, string help)
    {
        var bearing = DeclaredIdentity.Bearing(explored, path);
        return bearing is null
            ? new Finding(Anonymous, explored.Question.OfAnonymous(), path, place,
                $"{message}, where it says nothing of who asks", help)
            : new Finding(Code, mayBeStored ? Severity.Error : explored.Question.WarningUnlessStrict(), bearing, place,
                message, help);
    }

    // Where that cannot be told of all requests together, it is told of each one that is shown to get so far.
    private static bool MayBeStored(ExploredStates explored)
    {
        try
        {
            return explored.Stores.Any(s => explored.Personal(s.State, new InputText(Input.Url)).Any());
        }
        catch (BudgetExceededException)
        {
            return true;
        }
    }
}
