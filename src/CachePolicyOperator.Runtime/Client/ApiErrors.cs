using System.Net;
using k8s.Autorest;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>Reads the HTTP status out of an exception, whether it is ours or the client library's.</summary>
public static class ApiErrors
{
    /// <summary>The status with which the API server refused, or null when the failure was something else.</summary>
    public static HttpStatusCode? StatusOf(Exception error) => error switch
    {
        ApiException api => api.StatusCode,
        HttpOperationException http => http.Response?.StatusCode,
        _ => null,
    };

    /// <summary>Somebody else changed the object first: neither an error nor news.</summary>
    public static bool IsConflict(Exception error) => StatusOf(error) == HttpStatusCode.Conflict;

    public static bool IsNotFound(Exception error) => StatusOf(error) == HttpStatusCode.NotFound;
}
