using System.Text.Json.Serialization;

namespace CachePolicyOperator.Core.Model;

/// <summary>How a new revision reaches the pods.</summary>
/// <param name="CanaryPods">Pods that try it before the others; 0: none does.</param>
/// <param name="CanaryProbes">
/// Pairs of probes that must show nothing. 5,755 miss a leak of 4 in 5,000 with 1 %: ln 0.01 / ln (1 − 4/5000).
/// </param>
/// <param name="CanaryWindow">How long it must have served there.</param>
/// <param name="MaxSurgePercent">Share of the pods that change at once after that.</param>
public sealed record RolloutSettings(
    int CanaryPods, int CanaryProbes, Duration CanaryWindow, int MaxSurgePercent, bool WarmPrevious)
{
    public static RolloutSettings Default { get; } = new(1, 5755, Duration.FromSeconds(120), 25, true);

    /// <summary>Pairs of probes that are sent in a second, at most.</summary>
    public int CanaryRate { get; init; } = 50;
}

/// <summary>What happens by itself on a leak, and the share of responses that are watched (0 to 1).</summary>
public sealed record GuardSettings(LeakResponse OnLeak, double Sample)
{
    public static GuardSettings Default { get; } = new(LeakResponse.NoCache, 1.0);

    public OriginContract OriginContract { get; init; }
}

/// <summary>
/// What it means that the origin does not forbid to store a personal answer: the cache passes it all the same, and so
/// does no cache behind or before it that knows nothing of the policy.
/// </summary>
public enum OriginContract
{
    /// <summary>It is told.</summary>
    Warn,

    /// <summary>It is told, and no revision passes its trial.</summary>
    Require,

    /// <summary>Nobody asks.</summary>
    Ignore,
}

/// <summary>The reaction to a leak, from watching only to taking the cache out of the path.</summary>
public enum LeakResponse
{
    Observe,
    Quarantine,
    Bypass,
    NoCache,
}

/// <summary>How the fallback acts.</summary>
/// <param name="OriginMaxConcurrency">
/// Requests that the origin is asked to serve at once after the fallback; null: no limit.
/// </param>
public sealed record FallbackSettings(bool Automatic, bool Purge, int? OriginMaxConcurrency)
{
    public static FallbackSettings Default { get; } = new(true, true, null);
}

/// <summary>Who must have reviewed a revision.</summary>
public sealed record ReviewSettings(int Required, EquatableList<string> Groups, EquatableList<ReviewKey> Keys)
{
    public static ReviewSettings Default { get; } = new(0, [], []);

    /// <summary>Whether anything is demanded.</summary>
    [JsonIgnore]
    public bool IsDemanded => Required > 0;
}

/// <summary>A named public key whose signature counts as a review.</summary>
public sealed record ReviewKey(string Name, string PublicKey);
