using CachePolicyOperator.Entities.Attributes;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Entities;

/// <summary>
/// A leak or a fallback, from the first sign to the return of the cache. Written by the operator; holds keyed hashes,
/// no personal data.
/// </summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = KubePluralName)]
[KubernetesEntityShortNames("cinc")]
[GenericAdditionalPrinterColumn(".spec.policy", "Policy", "string")]
[GenericAdditionalPrinterColumn(".status.phase", "Phase", "string")]
[GenericAdditionalPrinterColumn(".spec.trigger.kind", "Trigger", "string")]
[GenericAdditionalPrinterColumn(".spec.level", "Level", "string",
    Description = "How much was cached after the fallback")]
[GenericAdditionalPrinterColumn(".status.totals.objects", "Objects", "integer",
    Description = "Stored objects that were served")]
[GenericAdditionalPrinterColumn(".status.totals.requests", "Requests", "integer",
    Description = "Requests that were served them")]
[GenericAdditionalPrinterColumn(".status.totals.identities", "Identities", "integer",
    Description = "Identities that were served them")]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class CacheIncident : IKubernetesObject<V1ObjectMeta>, ISpec<CacheIncidentSpec>,
    IStatus<CacheIncidentStatus?>
{
    public const string KubeKind = "CacheIncident";

    public const string KubePluralName = "cacheincidents";

    public string ApiVersion { get; set; } = ApiGroup.NameAndVersion;

    public string Kind { get; set; } = KubeKind;

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>How it began; written once.</summary>
    public CacheIncidentSpec Spec { get; set; } = new();

    /// <summary>What was done and who was affected; grows until the incident is closed.</summary>
    public CacheIncidentStatus? Status { get; set; }
}

/// <summary>How it began; written once.</summary>
public sealed class CacheIncidentSpec : SpecPart
{
    /// <summary>Name of the policy.</summary>
    public string? Policy { get; set; }

    /// <summary>What set it off.</summary>
    public IncidentTriggerSpec? Trigger { get; set; }

    /// <summary>The level ordered: `Quarantined`, `Bypassed` or `NoCache`.</summary>
    public string? Level { get; set; }

    /// <summary>Digests that may not return: the VCL that leaked, and the revision that was meant to serve.</summary>
    public IList<string>? Revisions { get; set; }
}

/// <summary>What set an incident off.</summary>
public sealed class IncidentTriggerSpec : SpecPart
{
    /// <summary>Stable code, for example `hit/personal`, or `manual`.</summary>
    public string? Kind { get; set; }

    /// <summary>Name of the cache pod that saw it.</summary>
    public string? Pod { get; set; }

    /// <summary>Sequence of the agent's event.</summary>
    public long? Sequence { get; set; }

    /// <summary>When (RFC 3339).</summary>
    public string? Time { get; set; }

    /// <summary>Why, for a person.</summary>
    public string? Reason { get; set; }
}
