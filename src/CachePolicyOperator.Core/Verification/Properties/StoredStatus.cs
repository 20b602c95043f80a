using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// Only answers with status 200, 301, 308, 404 and 410 are stored: one request with an error, or a redirect with
/// somebody's token, would be everybody's (SP10).
/// </summary>
internal sealed class StoredStatus : IVclProperty
{
    private const string Help = "`set beresp.uncacheable = true;` for every status but 200, 301, 308, 404 and 410";

    public string Code => "response/status";

    public IEnumerable<Finding> Check(ExploredStates explored) =>
    [
        .. explored.StoresOf(Statuses.NeverByDefault, fresh: false)
            .Select(s => Find(explored, s, "a refusal or an error of the origin is given a lifetime and stored")),
        .. explored.StoresOf(Statuses.Unlisted, fresh: null)
            .Select(s => Find(explored, s, "a redirect or another status that is not for everyone is stored")),
        .. explored.ErrorStores.Where(s => s.State.Flags.GetValueOrDefault(Flag.Fresh))
            .Select(s => Find(explored, s, "an error page of varnishd's own is given a lifetime and stored")),
    ];

    private Finding Find(ExploredStates explored, Completion store, string message) =>
        new(Code, explored.Question.WarningUnlessStrict(), store.State, store.Return!.Span, message, Help);
}
