namespace CachePolicyOperator.Runtime.Client;

/// <summary>
/// An object was written the same thing over and over, so somebody else writes it, too; it is written again later.
/// </summary>
public sealed class WriteStormException(string target, int writes, TimeSpan retryAfter)
    : Exception(
        $"{target} was written the same thing {writes} times within a minute, each time against somebody else; written "
            + $"again in {retryAfter.TotalSeconds:0.#} s")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
