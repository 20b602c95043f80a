using System.Net;
using System.Text.Json;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>An API server refused. Its message is what it said, without its wrapping.</summary>
internal sealed class ApiServerException(HttpStatusCode status, string content) : Exception(MessageOf(status, content))
{
    public HttpStatusCode Status { get; } = status;

    private static string MessageOf(HttpStatusCode status, string content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("message", out var message)
                && message.GetString() is { Length: > 0 } said)
            {
                return said;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not the API server itself, but something before it: its status says the rest.
        }

        return $"{(int)status} {status}";
    }
}
