using System.Net;
using System.Text.Json;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>An answer of the API server, well or not.</summary>
/// <param name="Date">The server's own clock.</param>
/// <param name="Body">An object, or nothing.</param>
/// <param name="Refusal">What it said where it refused.</param>
internal sealed record ApiAnswer(HttpStatusCode Status, DateTimeOffset? Date, JsonElement Body, string Refusal)
{
    public bool IsWell => (int)Status is >= 200 and < 300;

    public bool IsForbidden => Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;

    /// <summary>The elements of a list.</summary>
    public IEnumerable<JsonElement> Items => Body.Items("items");

    public static JsonElement Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Something before the API server: its status says the rest.
            return default;
        }
    }
}
