using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>
/// Sees whether the origin itself forbids to store its personal answers: of people and of probes alike. It tells of
/// routes as they are declared, never of what was asked for.
/// </summary>
internal sealed class ContractWatch(Tripwire tripwire, TimeProvider time) : ILogSink
{
    /// <summary>How long one answer counts against its route.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string,
        (DateTimeOffset? Kept, DateTimeOffset? Broken)> _routes = new(StringComparer.Ordinal);
    private GuardInForce? _guard;

    public ContractSight Read()
    {
        var since = time.GetUtcNow() - Memory;
        lock (_lock)
        {
            EquatableList<string> Those(Func<(DateTimeOffset? Kept, DateTimeOffset? Broken), bool> fits) =>
                _routes.Where(r => fits(r.Value)).Select(r => r.Key).Order(StringComparer.Ordinal).ToEquatableList();
            return new ContractSight(Those(r => r.Kept > since && !(r.Broken > since)), Those(r => r.Broken > since));
        }
    }

    public void Ended(FetchTransaction transaction)
    {
        if (!transaction.IsPage
            || tripwire.Guard is not { } guard
            || transaction.TargetCount == 0
            || guard.RouteOf(transaction.Target(transaction.TargetCount - 1)) is not { } route)
        {
            return;
        }

        lock (_lock)
        {
            // Another guard declares other routes.
            if (_guard != guard)
            {
                _guard = guard;
                _routes.Clear();
            }

            var known = _routes.GetValueOrDefault(route);
            _routes[route] = transaction.IsForbidden
                ? (time.GetUtcNow(), known.Broken)
                : (known.Kept, time.GetUtcNow());
        }
    }

    public void Ended(ClientTransaction transaction)
    {
    }

    public void Commanded()
    {
    }

    public void Attached(DateTimeOffset start)
    {
    }

    public void Lost()
    {
    }

    public void Detached()
    {
    }
}
