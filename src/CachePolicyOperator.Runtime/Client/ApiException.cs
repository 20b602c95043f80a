using System.Net;
using System.Text.Json;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>The API server answered, and the answer was no.</summary>
public sealed class ApiException(HttpStatusCode statusCode, string reason, string message) : Exception(message)
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>
    /// The server's word for it: <c>NotFound</c>, <c>Conflict</c>, <c>AlreadyExists</c>, <c>Invalid</c> …
    /// </summary>
    public string Reason { get; } = reason;

    /// <summary>Makes sense of a refusal: a <c>Status</c> object if the server sent one, else the text.</summary>
    internal static ApiException From(string request, HttpStatusCode statusCode, string body)
    {
        var (reason, message) = ("", body.Length > 1000 ? body[..1000] : body);
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                reason = document.RootElement.Text("reason");
                message = document.RootElement.Text("message") is { Length: > 0 } text ? text : message;
            }
        }
        catch (JsonException)
        {
            // Something between us and the server answered, in prose.
        }

        return new(statusCode, reason, $"{request}: {(int)statusCode} {message}");
    }
}
