using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Webhooks;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>Who asks for a purge, by the token of the cluster that he shows, and which policies he may purge.</summary>
internal sealed class PurgeCallers(AccessReviews reviews, PurgeLimits limits)
{
    /// <summary>The verb that a role gives.</summary>
    public const string Verb = "purge";

    /// <summary>Null where the token is nobody's, or this address asks too often: then the refusal says so.</summary>
    public async Task<(AdmissionUser? User, IResult? Refusal)> WhoAsync(HttpContext http)
    {
        if (limits.Stranger(http.Connection.RemoteIpAddress?.ToString() ?? "") is { } soon)
        {
            return (null, PurgeRefusals.TooOften(http, soon));
        }

        const string Scheme = "Bearer ";
        var given = http.Request.Headers.Authorization.ToString();
        var user = given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? await reviews.WhoIsAsync(given[Scheme.Length..].Trim(), http.RequestAborted)
            : null;
        if (user is not null)
        {
            return (user, null);
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return (null, PurgeRefusals.Of(
            StatusCodes.Status401Unauthorized, "show the token of a service account: `Authorization: Bearer …`"));
    }

    public Task<bool> MayAsync(AdmissionUser user, NamespacedName policy, CancellationToken cancellationToken) =>
        reviews.MayAsync(
            user, policy.Namespace, Verb, ApiGroup.Name, CachePolicy.KubePluralName, policy.Name, cancellationToken);

    /// <summary>Null where he may ask now.</summary>
    public IResult? TooOften(HttpContext http, AdmissionUser user) =>
        limits.User(user.Name) is { } later ? PurgeRefusals.TooOften(http, later) : null;

    /// <summary>
    /// The answer, or why there is none: a body that cannot be read, or an API server that does not answer.
    /// </summary>
    public static async Task<IResult> AnswerAsync(HttpContext http, Func<Task<IResult>> answer)
    {
        // Not on the port of the probes: a token is not sent in the clear.
        if (!http.Request.IsHttps)
        {
            return Results.NotFound();
        }

        try
        {
            return await answer();
        }
        catch (BadHttpRequestException error)
        {
            return PurgeRefusals.Of(error.StatusCode, $"the body cannot be read: {error.Message}");
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or TimeoutException)
        {
            return PurgeRefusals.Of(
                StatusCodes.Status503ServiceUnavailable, $"the API server did not take it: {error.Message}");
        }
    }
}
