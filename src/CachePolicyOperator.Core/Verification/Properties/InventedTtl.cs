using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// No freshness that neither the origin nor an explicit rule gave: not varnishd's default of two minutes, not a
/// lifetime for every URL, not one that a client names; and nothing stale that the origin forbids (SP6, SP15).
/// </summary>
internal sealed class InventedTtl : IVclProperty
{
    private static readonly SharedPattern NoStale = new("(?i)must-revalidate|proxy-revalidate");

    private static readonly Input CacheControl = Input.OfAnswerField(ResponseFields.CacheControl);
    private static readonly Input Expires = Input.OfAnswerField("expires");

    public string Code => "response/invented-ttl";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var silent = new InputFacts(true, Language.Empty, false);
        foreach (var store in explored.StoresOf((CacheControl, silent), (Expires, silent)))
        {
            var isSet = store.State.Flags.TryGetValue(Flag.Invented, out var invented);
            if (!isSet)
            {
                yield return Find(explored, store,
                    "a response for which the origin gave no lifetime is stored with varnishd's default",
                    "`set beresp.ttl` for the URLs that may be cached, or make it uncacheable without " +
                        "`Cache-Control` and `Expires`");
            }
            else if (invented && !explored.Question.NamesTheRest
                && DefaultCache.IsAmong(explored.Solver.Of(store.State, Input.Url)))
            {
                yield return Find(explored, store,
                    "a response for which the origin gave no lifetime gets one, whatever its URL",
                    "give a lifetime only to URLs that a condition names");
            }
        }

        var solver = explored.Solver;
        var strict = NoStale.Language.Intersect(solver.Values, solver.Budget);
        foreach (var store in explored.StoresOf(CacheControl, new InputFacts(false, strict, false)))
        {
            if (store.State.Flags.GetValueOrDefault(Flag.Stale))
            {
                yield return Find(explored, store, "a response that the origin forbids to serve stale gets a grace",
                    "`set beresp.grace = 0s;` where `Cache-Control` says `must-revalidate` or `proxy-revalidate`");
            }
        }
    }

    private Finding Find(ExploredStates explored, Completion store, string message, string help) =>
        new(Code, explored.Question.WarningUnlessStrict(), store.State, store.Return!.Span, message, help);
}
