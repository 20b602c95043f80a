using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// "Do not cache" is said by <c>pass</c> or <c>uncacheable</c>: an object of no lifetime that is delivered goes to
/// every request that waits for it (Varnish 8 and later), or is served stale (before). A lifetime that nobody looked at
/// may be none; one of less than a second means none (SP4).
/// </summary>
internal sealed class NotUncacheable : IVclProperty
{
    private const string Help = "`set beresp.uncacheable = true;` says that it must not be shared";

    public string Code => "response/not-uncacheable";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        foreach (var store in explored.Stores)
        {
            if (!store.State.Flags.GetValueOrDefault(Flag.Fresh))
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    "a response whose lifetime is zero or less is delivered as an object that others share", Help);
            }
            else if (store.State.Flags.GetValueOrDefault(Flag.Momentary))
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    "a response that lives less than a second is shared by all who ask meanwhile, and served stale " +
                        "after", Help);
            }
        }
    }
}
