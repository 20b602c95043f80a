using System.Diagnostics;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>
/// Counts what one controller begins and ends in one namespace from here on, by the operator's own traces.
/// </summary>
internal sealed class ReconciliationWatch : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly DateTime _since = TimeProvider.System.GetUtcNow().UtcDateTime;
    private int _ended;

    public ReconciliationWatch(string controller, string space)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.OperationName == "reconcile"
                    && span.StartTimeUtc >= _since
                    && span.GetTagItem("controller") is string name && name == controller
                    && span.GetTagItem("k8s.key") is string key
                        && key.StartsWith($"{space}/", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _ended);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Ended => Volatile.Read(ref _ended);

    public void Dispose() => _listener.Dispose();
}
