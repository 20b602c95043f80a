using System.Text.Json;
using System.Text.Json.Serialization;
using CachePolicyOperator.Entities;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>What is read of a cluster and shown with <c>-o json</c>, by code made at build.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(KubernetesJson.KubernetesDateTimeConverter),
        typeof(KubernetesJson.KubernetesDateTimeOffsetConverter),
    ])]
[JsonSerializable(typeof(CachePolicy))]
[JsonSerializable(typeof(CachePolicyList))]
[JsonSerializable(typeof(CachePolicy[]))]
[JsonSerializable(typeof(CacheIncident))]
[JsonSerializable(typeof(CacheIncidentList))]
[JsonSerializable(typeof(CacheIncident[]))]
[JsonSerializable(typeof(V1NamespaceList))]
[JsonSerializable(typeof(CacheInvalidation))]
[JsonSerializable(typeof(CacheReview))]
[JsonSerializable(typeof(V1ServiceList))]
[JsonSerializable(typeof(V1ConfigMapList))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ClusterJson : JsonSerializerContext;
