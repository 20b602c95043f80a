using CachePolicyOperator.Entities.Attributes;

namespace CachePolicyOperator.Entities;

/// <summary>What the operator found and did.</summary>
public sealed class CachePolicyStatus
{
    /// <summary>Generation of the spec that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>
    /// How much is cached, as pods and entries are seen to do: `Cached`, `Bypassed`, `NoCache`, or `Unknown`.
    /// </summary>
    public string? Level { get; set; }

    /// <summary>How much is to be cached: `Cached`, or the lowest level of the open incidents.</summary>
    public string? LevelWanted { get; set; }

    /// <summary>The workload whose pods are programmed: `Deployment/NAME`, `StatefulSet/NAME`, or `managed`.</summary>
    public string? Cache { get; set; }

    /// <summary>Revisions of the policy, by digest.</summary>
    public RevisionStatus? Revision { get; set; }

    /// <summary>
    /// Accepted, Proven, ObjectsOwned, Reviewed, Programmed, Guarded, LevelReached, FallbackReady, Incident.
    /// </summary>
    [MergedBy("type")]
    public IList<Condition>? Conditions { get; set; }

    /// <summary>What is wrong with the spec; capped.</summary>
    public IList<DiagnosticStatus>? Diagnostics { get; set; }

    /// <summary>Number of diagnostics, also of those that the cap leaves out.</summary>
    public long? DiagnosticsTotal { get; set; }

    /// <summary>How the revision of the current spec is reviewed; absent where nobody demands a review.</summary>
    public ReviewStatus? Review { get; set; }

    /// <summary>Where the rollout of the proven revision stands.</summary>
    public RolloutStatus? Rollout { get; set; }

    /// <summary>
    /// The fallback that was ordered; written before the first act, so that it is finished after a crash.
    /// </summary>
    public FallbackStatus? Fallback { get; set; }

    /// <summary>Name of the open CacheIncident.</summary>
    public string? Incident { get; set; }
}

/// <summary>Revisions by digest.</summary>
public sealed class RevisionStatus
{
    /// <summary>The revision that serves.</summary>
    public string? Active { get; set; }

    /// <summary>The revision that the current spec renders to, proven.</summary>
    public string? Proven { get; set; }

    /// <summary>The revision that served before.</summary>
    public string? Previous { get; set; }

    /// <summary>
    /// What the proven revision caches that the one in force before it did not, a sentence for each class of requests.
    /// </summary>
    public IList<string>? NewlyCacheable { get; set; }
}

/// <summary>How a revision is reviewed.</summary>
public sealed class ReviewStatus
{
    /// <summary>Digest of the revision: what a CacheReview names.</summary>
    public string? Revision { get; set; }

    /// <summary>Who approved it and counts: users, and keys.</summary>
    public IList<string>? ApprovedBy { get; set; }

    /// <summary>Who rejected it and counts.</summary>
    public IList<string>? RejectedBy { get; set; }

    /// <summary>Who was seen to write what became the revision; they do not review it.</summary>
    public IList<string>? Authors { get; set; }

    /// <summary>
    /// What it would cache that what is in force does not, a sentence for each class of requests.
    /// </summary>
    public IList<string>? NewlyCacheable { get; set; }

    /// <summary>Says that the operator saw the authors.</summary>
    public string? Seal { get; set; }
}

/// <summary>Where a rollout stands.</summary>
public sealed class RolloutStatus
{
    /// <summary>`Waiting`, `Canary`, `Paused`, `Stopped`, `Promoting` or `Done`.</summary>
    public string? Phase { get; set; }

    /// <summary>The revision that is on trial, or was when it was stopped.</summary>
    public string? Revision { get; set; }

    /// <summary>How far the trial is, for people: pairs of probes, and time.</summary>
    public string? Progress { get; set; }

    /// <summary>The pods that try it.</summary>
    public IList<string>? Canaries { get; set; }

    /// <summary>Cache pods.</summary>
    public RolloutPodsStatus? Pods { get; set; }

    /// <summary>Probes of the canary.</summary>
    public RolloutProbesStatus? Probes { get; set; }
}

/// <summary>How many pods are where they should be.</summary>
public sealed class RolloutPodsStatus
{
    /// <summary>Cache pods.</summary>
    public long? Total { get; set; }

    /// <summary>
    /// Cache pods that serve with the revision, or, while it is tried, with what each of them has until then.
    /// </summary>
    public long? OnRevision { get; set; }

    /// <summary>What each of them was last seen to do; the first 50 by name.</summary>
    [MergedBy("name")]
    public IList<RolloutPodStatus>? Seen { get; set; }
}

/// <summary>A cache pod as its agent tells of it.</summary>
public sealed class RolloutPodStatus
{
    /// <summary>Name of the pod.</summary>
    [Required]
    public string? Name { get; set; }

    /// <summary>What varnishd serves at: `Cached` or `Bypassed`; absent while its agent cannot be asked.</summary>
    public string? Level { get; set; }

    /// <summary>Digest of the revision that it serves with where it caches.</summary>
    public string? Revision { get; set; }

    /// <summary>Version of varnishd that runs.</summary>
    public string? Engine { get; set; }

    /// <summary>Whether its responses are watched.</summary>
    public bool? Watching { get; set; }

    /// <summary>Why the pod is not where it should be; absent while nothing is wrong.</summary>
    public string? Trouble { get; set; }
}

/// <summary>What the probes by two identities found.</summary>
public sealed class RolloutProbesStatus
{
    /// <summary>Pairs of probes that must show nothing, in each canary.</summary>
    public long? Wanted { get; set; }

    /// <summary>Pairs of probes sent.</summary>
    public long? Sent { get; set; }

    /// <summary>Pairs that showed nothing, in the canary with the fewest.</summary>
    public long? Clear { get; set; }

    /// <summary>Pairs that say nothing: no answer, or an error of the origin.</summary>
    public long? Inconclusive { get; set; }

    /// <summary>Pairs that showed one identity the other's response.</summary>
    public long? Leaked { get; set; }
}

/// <summary>A fallback that was ordered.</summary>
public sealed class FallbackStatus
{
    /// <summary>The level ordered: `Quarantined`, `Bypassed` or `NoCache`.</summary>
    public string? Level { get; set; }

    /// <summary>Why.</summary>
    public string? Reason { get; set; }

    /// <summary>Who ordered it: the operator, a pod, or a person by annotation.</summary>
    public string? OrderedBy { get; set; }

    /// <summary>When it was ordered (RFC 3339).</summary>
    public string? Since { get; set; }

    /// <summary>Name of the CacheIncident that tells of it.</summary>
    public string? Incident { get; set; }
}
