using CachePolicyOperator.Agent.SharedLog;

namespace CachePolicyOperator.Agent.Metrics;

/// <summary>
/// Counts what varnishd did, as its log tells: each client request once, however often it was restarted, and each
/// fragment by itself. Written by the log's own thread alone, read by anybody.
/// </summary>
internal sealed class TrafficCount : ILogSink
{
    private readonly long[] _requests = new long[Enum.GetValues<Outcome>().Length];
    private long _stored;
    private long _losses;

    /// <summary>Responses of the origin that were stored so that a later request may find them.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Times that part of the log was overwritten before it was read.</summary>
    public long Losses => Volatile.Read(ref _losses);

    public long Of(Outcome outcome) => Volatile.Read(ref _requests[(int)outcome]);

    public void Ended(ClientTransaction transaction)
    {
        if (!transaction.WasRestarted)
        {
            Interlocked.Increment(ref _requests[(int)transaction.Outcome]);
        }
    }

    public void Ended(FetchTransaction transaction)
    {
        if (transaction.IsStored)
        {
            Interlocked.Increment(ref _stored);
        }
    }

    public void Lost() => Interlocked.Increment(ref _losses);

    public void Commanded()
    {
    }

    public void Attached(DateTimeOffset start)
    {
    }

    public void Detached()
    {
    }
}
