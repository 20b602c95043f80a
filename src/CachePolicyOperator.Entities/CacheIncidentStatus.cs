using CachePolicyOperator.Entities.Attributes;

namespace CachePolicyOperator.Entities;

/// <summary>What was done and who was affected.</summary>
public sealed class CacheIncidentStatus
{
    /// <summary>`Open`, `Returned` or `Closed`.</summary>
    public string? Phase { get; set; }

    /// <summary>The level held now: that of the spec, or a lower one that was ordered since.</summary>
    public string? Level { get; set; }

    /// <summary>Further digests that may not return, found since the incident began.</summary>
    public IList<string>? Revisions { get; set; }

    /// <summary>How far the account of each agent is in this record.</summary>
    public IList<IncidentAgentStatus>? Agents { get; set; }

    /// <summary>
    /// What holds, for example `TrafficSwitched`, `Purged`; not `Trusted`: somebody changed the record while no
    /// operator saw it, so it counts as open and as bad as can be.
    /// </summary>
    [MergedBy("type")]
    public IList<Condition>? Conditions { get; set; }

    /// <summary>What happened, in order; bounded.</summary>
    public IList<IncidentEntryStatus>? Timeline { get; set; }

    /// <summary>Stored objects that were served, who stored them and who was served them; bounded.</summary>
    public IList<ExposureStatus>? Exposures { get; set; }

    /// <summary>Exact counts, also of what the bounds leave out.</summary>
    public IncidentTotalsStatus? Totals { get; set; }

    /// <summary>Whether the timeline left something out.</summary>
    public bool? TimelineTruncated { get; set; }

    /// <summary>Whether the exposures left something out.</summary>
    public bool? ExposuresTruncated { get; set; }

    /// <summary>Digest of the revision with which the cache returned.</summary>
    public string? ReturnedWith { get; set; }

    /// <summary>When the cache returned (RFC 3339).</summary>
    public string? ReturnedAt { get; set; }

    /// <summary>Number of this status among those that the operator wrote of the incident.</summary>
    public long? Serial { get; set; }

    /// <summary>
    /// By which the operator knows its own writing; a status that it does not hold for counts for nothing.
    /// </summary>
    public string? Seal { get; set; }
}

/// <summary>How far the account of one agent is in the record.</summary>
public sealed class IncidentAgentStatus
{
    /// <summary>Name of the cache pod.</summary>
    public string? Pod { get; set; }

    /// <summary>UID of the cache pod; the sequences of its agent grow for as long as it lives.</summary>
    public string? Uid { get; set; }

    /// <summary>Sequence of the last leak that the incident stands for.</summary>
    public long? LastLeak { get; set; }

    /// <summary>Sequence of the last event that the record holds.</summary>
    public long? LastEvent { get; set; }
}

/// <summary>One thing that happened.</summary>
public sealed class IncidentEntryStatus
{
    /// <summary>When (RFC 3339, with milliseconds).</summary>
    public string? Time { get; set; }

    /// <summary>Who did it: `agent/POD`, `operator`, or a person.</summary>
    public string? Actor { get; set; }

    /// <summary>What.</summary>
    public string? What { get; set; }
}

/// <summary>One stored object that was served.</summary>
public sealed class ExposureStatus
{
    /// <summary>Name of the cache pod.</summary>
    public string? Pod { get; set; }

    /// <summary>Transaction number of the fetch, unique within `varnishStart`.</summary>
    public string? ObjectId { get; set; }

    /// <summary>Start of that varnishd (RFC 3339).</summary>
    public string? VarnishStart { get; set; }

    /// <summary>The personal route it belongs to, as declared.</summary>
    public string? Route { get; set; }

    /// <summary>The request that stored it; absent where the log no longer held it.</summary>
    public SightingStatus? StoredBy { get; set; }

    /// <summary>The requests that were served it; bounded.</summary>
    public IList<SightingStatus>? ServedTo { get; set; }

    /// <summary>Number of requests that were served it, also of those that the bound leaves out.</summary>
    public long? ServedTotal { get; set; }
}

/// <summary>One request; identity and target are keyed hashes.</summary>
public sealed class SightingStatus
{
    /// <summary>When (RFC 3339, with milliseconds).</summary>
    public string? Time { get; set; }

    /// <summary>Keyed hash of what says who asked; absent where the request carried nothing.</summary>
    public string? Identity { get; set; }

    /// <summary>Keyed hash of the target.</summary>
    public string? Target { get; set; }

    /// <summary>Method.</summary>
    public string? Method { get; set; }

    /// <summary>Varnish's number of the request.</summary>
    public long? Transaction { get; set; }
}

/// <summary>Exact counts.</summary>
public sealed class IncidentTotalsStatus
{
    /// <summary>Stored objects that were served.</summary>
    public long? Objects { get; set; }

    /// <summary>Requests that were served them.</summary>
    public long? Requests { get; set; }

    /// <summary>Different identities that were served them.</summary>
    public long? Identities { get; set; }
}
