using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Flows;
using CachePolicyOperator.Core.Verification.Program;
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

    /// <summary>Code where personal requests with a declared identity are.</summary>
    public const string PersonalCode = "personal/cacheable";

    private const string LookedUp = "a request to a personal route is looked up in the shared cache";
    private const string Remedy = "return `pass` for personal routes before anything returns `hash`";

    public string Code => PersonalCode;

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var mayBeStored = new Lazy<bool>(() => MayBeStored(explored));
        foreach (var lookup in explored.Lookups.OrderBy(l => OrdinaryVisitor.Oddity(explored.Solver, l))
            .DistinctBy(l => (AskedOf(explored, l), l.Trace[^1])))
        {
            foreach (var finding in Graded(explored, lookup, new InputText(Input.Url), lookup.Trace[^1], mayBeStored,
                LookedUp, Remedy))
            {
                yield return finding;
            }
        }

        // The same, told by the requests whose answers are stored: the first that are looked up may not be.
        if (explored.Lookups is [var first, ..])
        {
            foreach (var store in explored.Stores.OrderBy(s => OrdinaryVisitor.Oddity(explored.Solver, s.State))
                .DistinctBy(s => AskedOf(explored, s.State)))
            {
                if (DeclaredIdentity.Bearing(explored, store.State) is not { } bearing)
                {
                    continue;
                }

                foreach (var path in explored.Personal(bearing, new InputText(Input.Url)))
                {
                    var place = explored.Lookups.FirstOrDefault(l => path.Trace.Contains(l.Trace[^1])) ?? first;
                    yield return new Finding(Code, Severity.Error, path, place.Trace[^1], LookedUp, Remedy);
                }
            }
        }

        foreach (var store in explored.Stores.OrderBy(s => OrdinaryVisitor.Oddity(explored.Solver, s.State))
            .DistinctBy(s => (AskedOf(explored, s.State), s.State.UrlSent(), s.Return!.Span)))
        {
            var sent = store.State.UrlSent();
            foreach (var finding in sent == new InputText(Input.Url) ? [] : Graded(explored, store.State, sent,
                store.Return!.Span, new Lazy<bool>(() => true),
                "the URL sent to the origin is personal, and the answer is stored",
                "decide what is personal after the last rewrite of the URL, on the original and on the rewritten one"))
            {
                yield return finding;
            }

            if (explored.NamedInQuery(store.State, sent) is { } named)
            {
                yield return Grade(explored, DeclaredIdentity.Bearing(explored, named), named, store.Return!.Span, true,
                    "a query that names a page to the origin, whatever the path is, is sent to it, and the answer is " +
                        "stored",
                    "pass requests with such a query parameter, or remove it before the lookup");
            }
        }
    }

    // All of a path that is asked here: the others go with the first that is alike.
    private static (EquatableList<(Input, InputFacts)>, bool) AskedOf(ExploredStates explored, SymbolicState state)
    {
        var asked = JudgedFields.CarriersOf(explored.Question.Identity).Select(Input.OfClientField)
            .Append(Input.Url).Concat(state.UrlSent().Taint.Select(i => i.Variable)).ToHashSet();
        return (state.PathCondition.Where(p => p.Key.IsFound || asked.Contains(p.Key.Variable))
            .Select(p => (p.Key, p.Value)).ToEquatableList(), state.Approximation is null);
    }

    // Who asks is told first: where nobody says it, what odd spellings may name is worth no long search.
    private IEnumerable<Finding> Graded(ExploredStates explored, SymbolicState state, Text target, SourceSpan place,
        Lazy<bool> mayBeStored, string message, string help)
    {
        var isSaid = false;
        if (DeclaredIdentity.Bearing(explored, state) is { } bearing)
        {
            foreach (var path in explored.Personal(bearing, target))
            {
                isSaid = true;
                yield return Grade(explored, path, path, place, mayBeStored.Value, message, help);
            }
        }

        foreach (var path in isSaid ? []
            : explored.Personal(state, target, isOnlyWarned: explored.Question.OfAnonymous() != Severity.Error))
        {
            yield return Grade(explored, null, path, place, mayBeStored: true, message, help);
        }
    }

    private Finding Grade(ExploredStates explored, SymbolicState? bearing, SymbolicState path, SourceSpan place,
        bool mayBeStored, string message, string help) =>
        bearing is null
            ? new Finding(Anonymous, explored.Question.OfAnonymous(), path, place,
                $"{message}, where it says nothing of who asks", help)
            : new Finding(Code, mayBeStored ? Severity.Error : explored.Question.WarningUnlessStrict(), bearing, place,
                message, help);

    // Where that cannot be told of all requests together, it is told of each one that is shown to get so far.
    private static bool MayBeStored(ExploredStates explored)
    {
        try
        {
            return explored.Stores.Any(s => DeclaredIdentity.Bearing(explored, s.State) is { } bearing
                && explored.Personal(bearing, new InputText(Input.Url)).Any());
        }
        catch (BudgetExceededException)
        {
            return true;
        }
    }
}
