namespace CachePolicyOperator.Runtime.Queues;

/// <summary>A pause that doubles with every failure in a row, up to a maximum.</summary>
public sealed record BackoffOptions(TimeSpan First, TimeSpan Max)
{
    /// <summary>The pause after so many failures in a row (1 is the first).</summary>
    public TimeSpan After(int failures)
    {
        // Past 2^30 any sensible maximum is reached; the shift must not overflow.
        var doubled = First.TotalMilliseconds * (1L << Math.Clamp(failures - 1, 0, 30));
        return doubled >= Max.TotalMilliseconds ? Max : TimeSpan.FromMilliseconds(doubled);
    }
}
