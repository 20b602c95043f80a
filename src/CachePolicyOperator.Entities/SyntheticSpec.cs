namespace CachePolicyOperator.Entities;

/// <summary>
/// An answer of the cache itself: a redirect, a refusal, a page for the time of maintenance. It is never stored, here
/// and by caches before this one.
/// </summary>
public sealed class SyntheticSpec : SpecPart
{
    /// <summary>A redirect (301, 302, 303, 307, 308), or 200, 204, 400, 403, 404, 410, 429, 451 or 503.</summary>
    public long? Status { get; set; }

    /// <summary>What stands behind the status; its usual words unless told.</summary>
    public string? Reason { get; set; }

    /// <summary>Where a redirect leads: `https://…`, or a path of the same host.</summary>
    public string? Location { get; set; }

    /// <summary>
    /// Whether path and query of the request follow `location`, as in `https://www.example.com` for another host.
    /// </summary>
    public bool? KeepTarget { get; set; }

    /// <summary>The body, at most 64 kB; none unless told.</summary>
    public string? Body { get; set; }

    /// <summary>
    /// Media type of the body; `text/html; charset=utf-8` where the body begins with `&lt;`, else `text/plain;
    /// charset=utf-8`.
    /// </summary>
    public string? ContentType { get; set; }

    /// <summary>After which time a client may ask again, for example `5m`. With 429 and 503.</summary>
    public string? RetryAfter { get; set; }
}
