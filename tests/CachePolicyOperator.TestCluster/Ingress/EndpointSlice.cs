using System.Text.Json.Serialization;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Ingress;

/// <summary>What a proxy reads of an EndpointSlice; the same in `v1` and `v1beta1`.</summary>
internal sealed record EndpointSlice(
    [property: JsonPropertyName("metadata")] V1ObjectMeta Metadata,
    [property: JsonPropertyName("endpoints")] IReadOnlyList<SliceEndpoint>? Endpoints,
    [property: JsonPropertyName("ports")] IReadOnlyList<SlicePort>? Ports);

/// <summary>One backend; ready unless it says otherwise.</summary>
internal sealed record SliceEndpoint(
    [property: JsonPropertyName("addresses")] IReadOnlyList<string> Addresses,
    [property: JsonPropertyName("conditions")] SliceConditions? Conditions);

internal sealed record SliceConditions([property: JsonPropertyName("ready")] bool? Ready);

internal sealed record SlicePort(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("port")] int? Port);

/// <summary>A page of slices, with the version to watch from.</summary>
internal sealed record EndpointSliceList(
    [property: JsonPropertyName("metadata")] V1ListMeta Metadata,
    [property: JsonPropertyName("items")] IReadOnlyList<EndpointSlice> Items);

/// <summary>One line of a watch.</summary>
internal sealed record EndpointSliceEvent(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("object")] EndpointSlice Object);
