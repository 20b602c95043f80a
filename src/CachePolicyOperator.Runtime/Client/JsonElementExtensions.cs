using System.Text.Json;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>Reads JSON that may be anything.</summary>
internal static class JsonElementExtensions
{
    // The default of 64 would let one deeply nested object fail the list it is in; reading that object still fails,
    // alone.
    public static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 10_000 };

    /// <summary>The member, or an undefined element when there is none or this is no object.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    /// <summary>The member's text, or nothing when it is no string.</summary>
    public static string Text(this JsonElement element, string name) => element.Member(name).Text();

    /// <summary>The text, or nothing when this is no string or not in UTF-8.</summary>
    public static string Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
