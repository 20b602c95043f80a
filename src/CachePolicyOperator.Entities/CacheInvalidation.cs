using CachePolicyOperator.Entities.Attributes;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Entities;

/// <summary>
/// Takes stored pages of a policy out of every cache pod, once. Removed some time after it is complete.
/// </summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = KubePluralName)]
[KubernetesEntityShortNames("cinv")]
[GenericAdditionalPrinterColumn(".spec.policy", "Policy", "string")]
[GenericAdditionalPrinterColumn(".status.phase", "Phase", "string")]
[GenericAdditionalPrinterColumn(".status.confirmed", "Confirmed", "integer",
    Description = "Cache pods that serve none of these pages from before")]
[GenericAdditionalPrinterColumn(".status.total", "Pods", "integer", Description = "Cache pods that were asked")]
[GenericAdditionalPrinterColumn(".status.conditions[?(@.type==\"Complete\")].message", "Message", "string",
    Priority = 1)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class CacheInvalidation :
    IKubernetesObject<V1ObjectMeta>, ISpec<CacheInvalidationSpec>, IStatus<CacheInvalidationStatus?>
{
    public const string KubeKind = "CacheInvalidation";

    public const string KubePluralName = "cacheinvalidations";

    public string ApiVersion { get; set; } = ApiGroup.NameAndVersion;

    public string Kind { get; set; } = KubeKind;

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>Which pages of which policy; cannot be changed.</summary>
    public CacheInvalidationSpec Spec { get; set; } = new();

    /// <summary>Which pods confirmed it.</summary>
    public CacheInvalidationStatus? Status { get; set; }
}

/// <summary>Which pages of which policy: those of any path, prefix or tag that is listed.</summary>
public sealed class CacheInvalidationSpec : SpecPart
{
    /// <summary>Name of the policy, in the same namespace.</summary>
    public string? Policy { get; set; }

    /// <summary>Only pages of these hosts; alone: all pages of these hosts.</summary>
    public IList<string>? Hosts { get; set; }

    /// <summary>Pages of these paths, with any query, with or without a slash at the end.</summary>
    public IList<string>? Paths { get; set; }

    /// <summary>
    /// Pages of these paths and of all below them: `/news` is `/news` and `/news/1`, not `/newsletter`.
    /// </summary>
    public IList<string>? PathPrefixes { get; set; }

    /// <summary>
    /// Pages of paths like these, with any query: `*` stands for anything within a segment, `**` for anything; four of
    /// them at most. `/news/*/print` is `/news/1/print`, and neither `/news/print` nor `/news/1/2/print`.
    /// </summary>
    public IList<string>? PathPatterns { get; set; }

    /// <summary>
    /// Pages that the origin gave one of these tags, in `Cache-Tag`, `Cache-Tags`, `Surrogate-Key`, `xkey`,
    /// `X-Cache-Tags`, `X-Magento-Tags` or `Purge-Cache-Tags`, parted by blanks or commas.
    /// </summary>
    public IList<string>? Tags { get; set; }

    /// <summary>`true`: everything that is stored.</summary>
    public bool? All { get; set; }

    /// <summary>
    /// How many seconds this object stays after it is complete; 3600 where nothing is said, 604800 at most.
    /// </summary>
    public long? TtlSecondsAfterFinished { get; set; }
}
