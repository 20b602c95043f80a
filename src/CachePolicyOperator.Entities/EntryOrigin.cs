using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;

namespace CachePolicyOperator.Entities;

/// <summary>An origin as an entry remembers it.</summary>
/// <param name="Selector">How its Service finds its pods; null where it never did.</param>
/// <param name="TargetPort">The port of those pods, by number or name; null where it never had one.</param>
public sealed record EntryOrigin(
    string Service, int Port, SortedDictionary<string, string>? Selector, string? TargetPort)
{
    /// <summary>Whether an entry could lead to its pods.</summary>
    public bool IsKnown => Selector is { Count: > 0 } && TargetPort is not null;

    /// <summary>The way that a Service has; null where it has none to pods on that port.</summary>
    public static EntryOrigin? Of(V1Service? service, int port) =>
        service?.Spec is { Selector.Count: > 0, Type: not "ExternalName" } spec
        && spec.Ports?.FirstOrDefault(p => p.Port == port) is { } found
            ? new EntryOrigin(
                service.Metadata.Name, port,
                new SortedDictionary<string, string>(spec.Selector, StringComparer.Ordinal),
                found.TargetPort?.Value ?? found.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            : null;

    /// <summary>Null where it was never written, or cannot be read.</summary>
    public static EntryOrigin? Read(IDictionary<string, string>? annotations)
    {
        try
        {
            return annotations?.TryGetValue(EntryMetadata.Origin, out var text) == true
                && JsonSerializer.Deserialize(text, EntryOriginJson.Default.EntryOrigin) is { Service.Length: > 0 } read
                    ? read
                    : null;
        }
        catch (JsonException)
        {
            // Somebody wrote there: what it says is not known, and the origin's own Service is asked.
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, EntryOriginJson.Default.EntryOrigin);
}

/// <summary>How it is written, by code made at build.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EntryOrigin))]
internal sealed partial class EntryOriginJson : JsonSerializerContext;
