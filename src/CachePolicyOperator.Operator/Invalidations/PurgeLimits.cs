using System.Globalization;
using System.Threading.RateLimiting;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>How often one caller may purge: each call is an object in the cluster and bans in every pod.</summary>
internal sealed class PurgeLimits : IDisposable
{
    private const int Burst = 50;
    private const int PerSecond = 10;

    // Who has not said who he is yet costs a question to the API server.
    private const int StrangersBurst = 200;
    private const int StrangersPerSecond = 50;

    private readonly PartitionedRateLimiter<string> _users = Limiter(Burst, PerSecond);
    private readonly PartitionedRateLimiter<string> _strangers = Limiter(StrangersBurst, StrangersPerSecond);

    /// <summary>Null where the address may ask; else after how many seconds it may.</summary>
    public string? Stranger(string address) => Take(_strangers, address);

    /// <inheritdoc cref="Stranger"/>
    public string? User(string name) => Take(_users, name);

    public void Dispose()
    {
        _users.Dispose();
        _strangers.Dispose();
    }

    private static string? Take(PartitionedRateLimiter<string> limiter, string who)
    {
        using var lease = limiter.AttemptAcquire(who);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
                ? Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture)
            : "1";
    }

    private static PartitionedRateLimiter<string> Limiter(int burst, int perSecond) =>
        PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.GetTokenBucketLimiter(
            who,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
}
