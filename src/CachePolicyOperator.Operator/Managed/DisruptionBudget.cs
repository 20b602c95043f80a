using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Managed;

/// <summary>The fields of a PodDisruptionBudget that we write, in the version of Kubernetes before 1.21.</summary>
[KubernetesEntity(Group = "policy", ApiVersion = "v1beta1", Kind = "PodDisruptionBudget",
    PluralName = "poddisruptionbudgets")]
internal sealed class DisruptionBudgetBeta : IKubernetesObject<V1ObjectMeta>
{
    [JsonPropertyName("apiVersion")]
    public string ApiVersion { get; set; } = "policy/v1beta1";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "PodDisruptionBudget";

    [JsonPropertyName("metadata")]
    public V1ObjectMeta Metadata { get; set; } = new();

    [JsonPropertyName("spec")]
    public V1PodDisruptionBudgetSpec Spec { get; set; } = new();

    public static DisruptionBudgetBeta Of(V1PodDisruptionBudget budget) =>
        new() { Metadata = budget.Metadata, Spec = budget.Spec };
}
