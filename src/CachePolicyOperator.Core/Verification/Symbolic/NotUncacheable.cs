using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>
/// "Do not cache" is said by <c>pass</c> or <c>uncacheable</c>: an object of no lifetime that is delivered goes to every
/// request that waits for it (Varnish 8 and later), or is served stale (before).
/// </summary>
internal sealed class NotUncacheable : IVclProperty
{
    public string Code => "response/not-uncacheable";

    public IEnumerable<Finding> Check(Exploration exploration) =>
        from store in exploration.Stores
        where store.State.Flags.TryGetValue(PathFacts.Fresh, out var fresh) && !fresh
        select new Finding(Code, Severity.Error, store.State, store.Return!.Span,
            "a response whose lifetime is zero or less is delivered as an object that others share",
            "`set beresp.uncacheable = true;` says that it must not be shared");
}
