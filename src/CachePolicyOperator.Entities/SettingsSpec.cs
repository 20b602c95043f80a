namespace CachePolicyOperator.Entities;

/// <summary>How a new revision reaches the pods.</summary>
public sealed class RolloutSpec : SpecPart
{
    /// <summary>The pods that try a revision before the others.</summary>
    public CanarySpec? Canary { get; set; }

    /// <summary>
    /// Share of the pods that change at once after the canary, at least one; `25%` unless told.
    /// </summary>
    public string? MaxSurge { get; set; }

    /// <summary>Whether the previous revision stays loaded, ready to return at once.</summary>
    public bool? WarmPrevious { get; set; }
}

/// <summary>The pods that try a revision before the others.</summary>
public sealed class CanarySpec : SpecPart
{
    /// <summary>Number of pods; 1 unless told. 0: a proven revision goes to the pods without a trial.</summary>
    public long? Pods { get; set; }

    /// <summary>
    /// Number of pairs of probes, by two identities that nobody has, that must show nothing; 5755 unless told, which
    /// find a leak of 4 in 5000 with 99 %. 0: none is sent.
    /// </summary>
    public long? Probes { get; set; }

    /// <summary>Pairs of probes sent in a second, at most; 50 unless told.</summary>
    public long? ProbesPerSecond { get; set; }

    /// <summary>How long a canary serves at least; `2m` unless told.</summary>
    public string? Window { get; set; }
}

/// <summary>What is watched, and what happens by itself on a leak.</summary>
public sealed class GuardSpec : SpecPart
{
    /// <summary>`Observe`, `Quarantine`, `Bypass` or `NoCache` (the default).</summary>
    public string? OnLeak { get; set; }

    /// <summary>
    /// Whether the origin must itself answer personal routes with `no-store` or `private`: `Warn` (the default) tells
    /// where it does not, `Require` also lets no revision pass its trial, `Ignore` does nothing.
    /// </summary>
    public string? OriginContract { get; set; }

    /// <summary>Share of the responses that are watched, from 0 to 1; 1 unless told.</summary>
    public double? Sample { get; set; }
}

/// <summary>How the fallback acts.</summary>
public sealed class FallbackSpec : SpecPart
{
    /// <summary>`Automatic` (the default) or `Manual`.</summary>
    public string? Mode { get; set; }

    /// <summary>Whether every stored object is invalidated; true unless told.</summary>
    public bool? Purge { get; set; }

    /// <summary>Protection of the origin while there is no cache.</summary>
    public FallbackOriginSpec? Origin { get; set; }
}

/// <summary>Protection of the origin while there is no cache.</summary>
public sealed class FallbackOriginSpec : SpecPart
{
    /// <summary>Requests that the origin is asked to serve at once; no limit unless told.</summary>
    public long? MaxConcurrency { get; set; }
}

/// <summary>Who must have reviewed a revision before it serves.</summary>
public sealed class ReviewSpec : SpecPart
{
    /// <summary>
    /// Number of reviews by different people. Unless told, 1 where `groups` or `keys` are named, else 0.
    /// </summary>
    public long? Required { get; set; }

    /// <summary>Kubernetes groups whose members may review.</summary>
    public IList<string>? Groups { get; set; }

    /// <summary>Public keys whose signature counts as a review.</summary>
    public IList<ReviewKeySpec>? Keys { get; set; }
}

/// <summary>A named public key.</summary>
public sealed class ReviewKeySpec : SpecPart
{
    /// <summary>Name of the key, once in the policy.</summary>
    public string? Name { get; set; }

    /// <summary>The public key, PEM.</summary>
    public string? PublicKey { get; set; }
}
