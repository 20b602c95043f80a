using System.Text.Json;
using System.Text.Json.Nodes;
using CachePolicyOperator.Runtime.Client;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>The envelope <c>admission.k8s.io/v1 AdmissionReview</c>, in and out.</summary>
internal static class AdmissionReview
{
    private const string ApiVersion = "admission.k8s.io/v1";

    // What the API server passes on as the message of a refusal is for a terminal, not for a book.
    private const int LongestMessage = 32 * 1024;

    /// <summary>Reads a request, or says in one sentence why it is none.</summary>
    public static AdmissionContext? Read(JsonElement review, out string error)
    {
        error = "";
        var request = review.Member("request");
        if (review.Text("kind") != "AdmissionReview" || review.Text("apiVersion") != ApiVersion)
            error = $"expected an AdmissionReview of {ApiVersion}";
        else if (request.ValueKind != JsonValueKind.Object)
            error = "the review carries no request";
        else if (request.Text("uid").Length == 0 || request.Text("operation").Length == 0)
            error = "the request carries no uid or no operation";
        return error.Length > 0 ? null : new(
            request.Text("uid"),
            request.Text("operation"),
            request.Text("namespace"),
            request.Text("name"),
            request.Text("subResource"),
            ReadUser(request.Member("userInfo")),
            request.Member("dryRun").ValueKind == JsonValueKind.True,
            request.Member("object"),
            request.Member("oldObject"));
    }

    public static string Write(string uid, ValidationResult result)
    {
        var response = new JsonObject { ["uid"] = uid, ["allowed"] = result.Valid };
        if (!result.Valid)
            response["status"] = new JsonObject { ["message"] = Cut(result.Reason ?? ""), ["code"] = result.Code };
        if (result.Warnings.Length > 0)
            response["warnings"] = new JsonArray([.. result.Warnings.Select(warning => JsonValue.Create(warning))]);
        return new JsonObject { ["apiVersion"] = ApiVersion, ["kind"] = "AdmissionReview", ["response"] = response }
            .ToJsonString(JsonSerializerOptions.Default);
    }

    private static AdmissionUser ReadUser(JsonElement user) => new(
        user.Text("username"),
        user.Text("uid"),
        [.. Texts(user.Member("groups")).Where(group => group.Length > 0)])
    {
        Extra = user.Member("extra") is { ValueKind: JsonValueKind.Object } extra
            ? extra.EnumerateObject()
                .ToDictionary(each => each.Name, each => (IList<string>)[.. Texts(each.Value)], StringComparer.Ordinal)
            : new Dictionary<string, IList<string>>(),
    };

    private static IEnumerable<string> Texts(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(each => each.Text()) : [];

    private static string Cut(string message) =>
        message.Length <= LongestMessage ? message : message[..LongestMessage] + "\n…";
}
