using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// Only answers with status 200, 301, 308, 404 and 410 are stored: one request with an error, or a redirect with somebody's
/// token, would be everybody's (SP10).
/// </summary>
internal sealed class StoredStatus : IVclProperty
{
    private const string Help = "`set beresp.uncacheable = true;` for every status but 200, 301, 308, 404 and 410";

    public string Code => "response/status";

    public IEnumerable<Finding> Check(ExploredStates exploration) =>
    [
        .. exploration.StoresOf(Statuses.NeverByDefault, fresh: false)
            .Select(s => Find(exploration, s, "a refusal or an error of the origin is given a lifetime and stored")),
        .. exploration.StoresOf(Statuses.Unlisted, fresh: null)
            .Select(s => Find(exploration, s, "a redirect or another status that is not for everyone is stored")),
        .. exploration.ErrorStores.Where(s => s.State.Flags.GetValueOrDefault(TrackedVariables.Fresh))
            .Select(s => Find(exploration, s, "an error page of varnishd's own is given a lifetime and stored")),
    ];

    private Finding Find(ExploredStates exploration, Completion store, string message) =>
        new(Code, exploration.Question.WarningUnlessStrict(), store.State, store.Return!.Span, message, Help);
}
