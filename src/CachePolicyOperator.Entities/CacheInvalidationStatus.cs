using CachePolicyOperator.Entities.Attributes;

namespace CachePolicyOperator.Entities;

/// <summary>Which pods confirmed an invalidation.</summary>
public sealed class CacheInvalidationStatus
{
    /// <summary>Generation of the spec that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>
    /// `Running` until every cache pod confirmed, then `Complete`; `Refused`: nothing was invalidated, and why is in
    /// the condition `Accepted`.
    /// </summary>
    public string? Phase { get; set; }

    /// <summary>Cache pods that were there to be asked.</summary>
    public long? Total { get; set; }

    /// <summary>Those that confirmed: they serve none of these pages from before.</summary>
    public long? Confirmed { get; set; }

    /// <summary>The cache pods, one by one.</summary>
    public IList<InvalidatedPodStatus>? Pods { get; set; }

    /// <summary>When all had confirmed, or it was refused (RFC 3339).</summary>
    public string? FinishedAt { get; set; }

    /// <summary>Accepted, Complete.</summary>
    [MergedBy("type")]
    public IList<Condition>? Conditions { get; set; }
}

/// <summary>What one cache pod did of it.</summary>
public sealed class InvalidatedPodStatus
{
    /// <summary>Name of the pod.</summary>
    public string? Name { get; set; }

    /// <summary>Its uid: a pod made anew by the same name began with an empty cache.</summary>
    public string? Uid { get; set; }

    /// <summary>When it confirmed (RFC 3339); absent until then.</summary>
    public string? ConfirmedAt { get; set; }

    /// <summary>Why it has not confirmed.</summary>
    public string? Message { get; set; }
}
