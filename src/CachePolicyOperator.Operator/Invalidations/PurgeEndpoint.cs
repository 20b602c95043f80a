using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>
/// <c>POST /purge/NAMESPACE/POLICY</c> for applications, beside the webhooks: the body is the spec of a
/// <see cref="CacheInvalidation"/> without its policy. Who asks shows a token of the cluster, and may `purge` that
/// policy.
/// </summary>
internal sealed class PurgeEndpoint(IEntityStore<CachePolicy> policies, PurgeCallers callers, PurgeOrders orders)
{
    public const string Path = "/purge/{namespace}/{policy}";

    private const int LargestBody = 1024 * 1024;
    private const int LongestWait = 60;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(
        Path,
        (HttpContext http, string @namespace, string policy) =>
            HandleAsync(http, new NamespacedName(@namespace, policy)));

    private Task<IResult> HandleAsync(HttpContext http, NamespacedName policy) => PurgeCallers.AnswerAsync(
        http, async () => await RefuseAsync(http, policy) ?? await PurgeAsync(http, policy));

    /// <summary>Null where who asks may purge this policy.</summary>
    private async Task<IResult?> RefuseAsync(HttpContext http, NamespacedName policy)
    {
        var (user, refusal) = await callers.WhoAsync(http);
        if (user is null)
        {
            return refusal;
        }

        if (!await callers.MayAsync(user, policy, http.RequestAborted))
        {
            return PurgeRefusals.Of(StatusCodes.Status403Forbidden,
                $"user `{user.Name}` may not `{PurgeCallers.Verb}` cachepolicies in namespace `{policy.Namespace}`; "
                    + "give him a role with that verb");
        }

        return callers.TooOften(http, user)
            ?? (policies.Find(policy) is null
                ? PurgeRefusals.Of(
                    StatusCodes.Status404NotFound,
                    $"there is no CachePolicy `{policy.Name}` in namespace `{policy.Namespace}`")
                : null);
    }

    private async Task<IResult> PurgeAsync(HttpContext http, NamespacedName policy)
    {
        if (await ReadAsync(http) is not { } spec)
        {
            return PurgeRefusals.Of(StatusCodes.Status400BadRequest,
                "the body is no JSON object, for example `{\"paths\": [\"/news\"], \"tags\": [\"product-17\"]}`");
        }

        if (!TryReadWait(http, out var wait))
        {
            return PurgeRefusals.Of(
                StatusCodes.Status400BadRequest,
                $"`wait` is how many seconds to wait for the pods, {LongestWait} at most");
        }

        if (spec["policy"] is { } named && named.ToString() != policy.Name)
        {
            return PurgeRefusals.Of(StatusCodes.Status422UnprocessableEntity,
                $"the body names policy `{named}`, and the path `{policy.Name}`: leave `policy` out of the body");
        }

        var (made, refusal) = await orders.OrderAsync(policy, spec, http.RequestAborted);
        if (made is not { } name)
        {
            return refusal!;
        }

        var progress = await orders.ProgressAsync(name, wait, http.RequestAborted);
        return Results.Json(progress, statusCode: PurgeProgress.StatusOf(progress.HasEnded));
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
}
