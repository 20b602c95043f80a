using CachePolicyOperator.Agent.Varnish;

namespace CachePolicyOperator.Agent.Supervision;

/// <summary>How far varnishd's ban lurker is behind what was ordered.</summary>
internal sealed class BanWatch(IVarnish varnish, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private IReadOnlyList<BanEntry> _waiting = [];
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    /// <summary>How many bans some stored object has not been tried against yet.</summary>
    public int Waiting => Volatile.Read(ref _waiting).Count;

    /// <summary>How long ago the oldest of them was made.</summary>
    public TimeSpan Lag =>
        Volatile.Read(ref _waiting) is [.., var oldest] ? time.GetUtcNow() - oldest.At : TimeSpan.Zero;

    /// <summary>Looks again, not more often than every ten seconds: the list may be long.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _lookedAt < Interval)
        {
            return;
        }

        _lookedAt = time.GetUtcNow();
        IReadOnlyList<BanEntry> waiting = [];
        try
        {
            waiting = await varnish.BansAsync(cancellationToken);
        }
        catch (Exception e) when (e is VarnishUnavailableException or CliRefusedException)
        {
            // Whoever looks after varnishd says so; one that is started anew has none.
        }

        Volatile.Write(ref _waiting, waiting);
    }
}
