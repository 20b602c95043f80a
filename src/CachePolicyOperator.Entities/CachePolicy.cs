using CachePolicyOperator.Entities.Attributes;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Entities;

/// <summary>
/// What a shared cache may store for some hosts. It is used only with a proof that no personal page can be stored or
/// served.
/// </summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = KubePluralName)]
[KubernetesEntityShortNames("cpol")]
[GenericAdditionalPrinterColumn(".status.level", "Level", "string", Description = "How much is seen to be cached")]
[GenericAdditionalPrinterColumn(".status.levelWanted", "Wanted", "string", Description = "How much is to be cached")]
[GenericAdditionalPrinterColumn(
    ".status.conditions[?(@.type==\"Proven\")].status", "Proven", "string",
    Description = "Whether a proof stands for the spec")]
[GenericAdditionalPrinterColumn(
    ".status.conditions[?(@.type==\"Programmed\")].status", "Programmed", "string",
    Description = "Whether every pod serves with it")]
[GenericAdditionalPrinterColumn(".status.rollout.phase", "Rollout", "string", Description = "How far a revision is")]
[GenericAdditionalPrinterColumn(".status.incident", "Incident", "string", Description = "The open incident")]
[GenericAdditionalPrinterColumn(".status.revision.active", "Revision", "string",
    Description = "The revision that serves", Priority = 1)]
[GenericAdditionalPrinterColumn(
    ".status.rollout.progress", "Trial", "string", Description = "How far the trial of a revision is", Priority = 1)]
[GenericAdditionalPrinterColumn(
    ".status.conditions[?(@.type==\"FallbackReady\")].status", "Fallback", "string",
    Description = "Whether the topology without the cache is ready", Priority = 1)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class CachePolicy : IKubernetesObject<V1ObjectMeta>, ISpec<CachePolicySpec>, IStatus<CachePolicyStatus?>
{
    public const string KubeKind = "CachePolicy";

    public const string KubePluralName = "cachepolicies";

    public string ApiVersion { get; set; } = ApiGroup.NameAndVersion;

    public string Kind { get; set; } = KubeKind;

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the team wants.</summary>
    public CachePolicySpec Spec { get; set; } = new();

    /// <summary>What is.</summary>
    public CachePolicyStatus? Status { get; set; }
}
