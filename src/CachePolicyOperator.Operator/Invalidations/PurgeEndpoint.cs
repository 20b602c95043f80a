using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using Microsoft.AspNetCore.Http.Features;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>
/// <c>POST /purge/NAMESPACE/POLICY</c> for applications, beside the webhooks: the body is the spec of a
/// <see cref="CacheInvalidation"/> without its policy. Who asks shows a token of the cluster, and may `purge` that
/// policy.
/// </summary>
internal sealed class PurgeEndpoint(
    IEntityStore<CachePolicy> policies,
    IEntityStore<CacheInvalidation> invalidations,
    AccessReviews reviews,
    ResourceWriter writer,
    PurgeLimits limits,
    TimeProvider time)
{
    public const string Path = "/purge/{namespace}/{policy}";

    /// <summary>The verb that a role gives.</summary>
    public const string Verb = "purge";

    private const int LargestBody = 1024 * 1024;
    private const int LongestWait = 60;

    // Applications purge all day long, and each record is an object in the cluster.
    private const int KeptFor = 60;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(
        Path,
        (HttpContext http, string @namespace, string policy) =>
            HandleAsync(http, new NamespacedName(@namespace, policy)));

    private async Task<IResult> HandleAsync(HttpContext http, NamespacedName policy)
    {
        // Not on the port of the probes: a token is not sent in the clear.
        if (!http.Request.IsHttps)
        {
            return Results.NotFound();
        }

        try
        {
            return await RefuseAsync(http, policy) ?? await PurgeAsync(http, policy);
        }
        catch (BadHttpRequestException error)
        {
            return Refusal(error.StatusCode, $"the body cannot be read: {error.Message}");
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or TimeoutException)
        {
            return Refusal(StatusCodes.Status503ServiceUnavailable, $"the API server did not take it: {error.Message}");
        }
    }

    /// <summary>Null where who asks may purge this policy.</summary>
    private async Task<IResult?> RefuseAsync(HttpContext http, NamespacedName policy)
    {
        if (limits.Stranger(http.Connection.RemoteIpAddress?.ToString() ?? "") is { } soon)
        {
            return TooOften(http, soon);
        }

        const string Scheme = "Bearer ";
        var given = http.Request.Headers.Authorization.ToString();
        var user = given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? await reviews.WhoIsAsync(given[Scheme.Length..].Trim(), http.RequestAborted)
            : null;
        if (user is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Refusal(
                StatusCodes.Status401Unauthorized, "show the token of a service account: `Authorization: Bearer …`");
        }

        if (!await reviews.MayAsync(
            user, policy.Namespace, Verb, ApiGroup.Name, CachePolicy.KubePluralName, policy.Name, http.RequestAborted))
        {
            return Refusal(StatusCodes.Status403Forbidden,
                $"user `{user.Name}` may not `{Verb}` cachepolicies in namespace `{policy.Namespace}`; "
                    + "give him a role with that verb");
        }

        return limits.User(user.Name) is { } later ? TooOften(http, later)
            : policies.Find(policy) is null
                ? Refusal(
                    StatusCodes.Status404NotFound,
                    $"there is no CachePolicy `{policy.Name}` in namespace `{policy.Namespace}`")
            : null;
    }

    private async Task<IResult> PurgeAsync(HttpContext http, NamespacedName policy)
    {
        if (await ReadAsync(http) is not { } spec)
        {
            return Refusal(StatusCodes.Status400BadRequest,
                "the body is no JSON object, for example `{\"paths\": [\"/news\"], \"tags\": [\"product-17\"]}`");
        }

        if (!TryReadWait(http, out var wait))
        {
            return Refusal(
                StatusCodes.Status400BadRequest,
                $"`wait` is how many seconds to wait for the pods, {LongestWait} at most");
        }

        if (spec["policy"] is { } named && named.ToString() != policy.Name)
        {
            return Refusal(StatusCodes.Status422UnprocessableEntity,
                $"the body names policy `{named}`, and the path `{policy.Name}`: leave `policy` out of the body");
        }

        spec["policy"] = policy.Name;
        spec["ttlSecondsAfterFinished"] ??= KeptFor;
        var name = $"{policy.Name[..Math.Min(policy.Name.Length, 240)]}-{Guid.NewGuid().ToString("N")[..10]}";
        var document = new JsonObject
        {
            ["apiVersion"] = ApiGroup.NameAndVersion,
            ["kind"] = CacheInvalidation.KubeKind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = policy.Namespace },
            ["spec"] = spec,
        };
        var documents = EntityDocuments.Of(JsonSerializer.SerializeToElement(document));
        var diagnostics = documents.Documents.Count == 1
            ? InvalidationReader.Read(documents.Documents[0]).Diagnostics
            : documents.Diagnostics;
        if (diagnostics.Items.Any(d => d.Severity == Severity.Error))
        {
            return Refusal(
                StatusCodes.Status422UnprocessableEntity, "nothing is invalidated",
                [.. diagnostics.Items.Where(d => d.Severity == Severity.Error).Select(d => d.ToString())]);
        }

        var made = await writer.CreateAsync(
            KubernetesJson.Deserialize<CacheInvalidation>(document.ToJsonString()), http.RequestAborted);
        return await AnswerAsync(NamespacedName.Of(made), wait, http.RequestAborted);
    }

    private async Task<IResult> AnswerAsync(NamespacedName name, TimeSpan wait, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        CacheInvalidationStatus? status;
        while ((status = invalidations.Find(name)?.Status)?.FinishedAt is null && time.GetElapsedTime(began) < wait)
        {
            await Task.Delay(LookAgain, time, cancellationToken);
        }

        return Results.Json(
            new
            {
                name = name.Name,
                @namespace = name.Namespace,
                phase = status?.Phase ?? "Running",
                confirmed = status?.Confirmed ?? 0,
                total = status?.Total,
            },
            statusCode: status?.FinishedAt is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static async Task<JsonObject?> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestBody;
        }

        try
        {
            var body =
                await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) as JsonObject;
            // A name that comes twice is found when the members are looked at.
            return body?.Count >= 0 ? body : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static bool TryReadWait(HttpContext http, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (http.Request.Query["wait"].ToString() is not { Length: > 0 } text)
        {
            return true;
        }

        var isRead = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= LongestWait;
        wait = TimeSpan.FromSeconds(seconds);
        return isRead;
    }

    private static IResult TooOften(HttpContext http, string seconds)
    {
        http.Response.Headers.RetryAfter = seconds;
        return Refusal(StatusCodes.Status429TooManyRequests,
            $"too many purges; try again in {seconds} s, and send up to {InvalidationReader.Most:N0} paths or tags "
                + "in one");
    }

    private static IResult Refusal(int status, string error, params string[] diagnostics) =>
        Results.Json(new { error, diagnostics }, statusCode: status);
}
