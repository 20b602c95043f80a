using System.Globalization;
using System.Text.Json.Nodes;
using CachePolicyOperator.Entities;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>What a Service selects and which port of it.</summary>
internal sealed record ServiceWay(IReadOnlyDictionary<string, string> Selector, IntOrString TargetPort)
{
    /// <summary>To the pods of an origin; null where it is not known how they are found.</summary>
    public static ServiceWay? Of(EntryOrigin? origin) =>
        origin is { IsKnown: true } ? new ServiceWay(origin.Selector!, origin.TargetPort!) : null;

    public bool IsOf(V1Service service) =>
        service.Spec?.Selector is { } selector
        && selector.Count == Selector.Count
        && Selector.All(s => selector.TryGetValue(s.Key, out var value) && value == s.Value);

    public JsonObject SelectorJson() =>
        new(Selector.OrderBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)));

    /// <summary>As the API server wants it: a number where it is one.</summary>
    public JsonNode PortJson() =>
        int.TryParse(TargetPort.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : TargetPort.Value!;
}
