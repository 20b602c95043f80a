using System.Text.Json;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>Reads JSON that may be anything.</summary>
internal static class JsonElementExtensions
{
    /// <summary>The member, or an undefined element when there is none or this is no object.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    /// <summary>The member's text, or nothing when it is no string.</summary>
    public static string Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : "";
}
