using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>What a caller is told whose purge is not carried out.</summary>
internal static class PurgeRefusals
{
    public static IResult Of(int status, string error, params string[] diagnostics) =>
        Results.Json(new { error, diagnostics }, statusCode: status);

    public static IResult TooOften(HttpContext http, string seconds)
    {
        http.Response.Headers.RetryAfter = seconds;
        return Of(StatusCodes.Status429TooManyRequests,
            $"too many purges; try again in {seconds} s, and send up to {InvalidationReader.Most:N0} paths or tags "
                + "in one");
    }

    public static IResult NothingInvalidated(params string[] diagnostics) =>
        Of(StatusCodes.Status422UnprocessableEntity, "nothing is invalidated", diagnostics);
}
