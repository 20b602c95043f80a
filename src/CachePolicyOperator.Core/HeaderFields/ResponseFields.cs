using System.Collections.Frozen;

namespace CachePolicyOperator.Core.HeaderFields;

/// <summary>
/// What is known of single response fields: what the renderer judges and what the proof asks of them.
/// </summary>
internal static class ResponseFields
{
    public const string SetCookie = "set-cookie";

    public const string CacheControl = "cache-control";

    public const string Vary = "vary";

    /// <summary>
    /// Tell a cache near the origin, of whichever maker, what <c>Cache-Control</c> tells all of them. As people write
    /// them.
    /// </summary>
    public static IReadOnlyList<string> TargetedAtCaches { get; } = ["Surrogate-Control", "CDN-Cache-Control"];

    /// <summary>
    /// The same for the caches of one maker. What we render heeds them, so that a rule stores nothing that its origin
    /// would keep from another cache; a hand-written VCL need not.
    /// </summary>
    public static IReadOnlyList<string> TargetedAtMakers { get; } =
    [
        "Cloudflare-CDN-Cache-Control", "Netlify-CDN-Cache-Control", "Vercel-CDN-Cache-Control",
        "Fastly-CDN-Cache-Control", "Akamai-Cache-Control", "Edge-Control", "X-LiteSpeed-Cache-Control",
    ];

    /// <summary>Say of an answer that it is somebody's: without them it looks as if it were anybody's.</summary>
    public static IReadOnlyList<string> OfOwner { get; } = [CacheControl, SetCookie];

    /// <summary>In which origins say what a page is made of, so that it can be invalidated by that.</summary>
    public static IReadOnlyList<string> Tags { get; } =
        ["Cache-Tag", "Cache-Tags", "Surrogate-Key", "xkey", "X-Cache-Tags", "X-Magento-Tags", "Purge-Cache-Tags"];

    /// <summary>varnishd joins their lines into one before VCL sees them.</summary>
    public static FrozenSet<string> OneLine { get; } = FrozenSet.Create(StringComparer.Ordinal, CacheControl, Vary);

    /// <summary>
    /// What <c>cors</c> says, and nothing else: what it says to one site is not for another.
    /// </summary>
    private const string CorsPrefix = "access-control-";

    /// <summary>
    /// What no policy changes on the way to the client, in lower case: whose a response is and how long, what it varies
    /// by, what it is and how long its body is; and what proxies before this one obey.
    /// </summary>
    public static FrozenSet<string> NeverEdited { get; } =
        TargetedAtCaches.Concat(TargetedAtMakers).Select(f => f.ToLowerInvariant()).Concat(
        [
            SetCookie, "set-cookie2", CacheControl, Vary, "age", "date", "expires", "pragma", "warning", "cache-status",
            "etag", "last-modified", "content-type", "content-length", "content-encoding", "content-range",
                "content-location",
            "accept-ranges", "transfer-encoding", "trailer", "te", "connection", "keep-alive", "proxy-connection",
                "upgrade",
            "location", "www-authenticate", "authentication-info", "proxy-authenticate", "proxy-authentication-info",
            "proxy-status", "no-vary-search", "x-accel-expires", "x-accel-redirect", "x-accel-buffering", "x-sendfile",
            "x-lighttpd-send-file", "x-reproxy-url",
        ]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a policy may change the field by its name, in any letter case.</summary>
    public static bool IsEditable(string name) => name.ToLowerInvariant() is var field
        && !NeverEdited.Contains(field) && !IsOfCors(field)
            && !field.StartsWith("x-cachepolicy-", StringComparison.Ordinal);

    /// <summary>Whether <c>cors</c> says it.</summary>
    public static bool IsOfCors(string name) => name.StartsWith(CorsPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What properties ask for, in lower case. What a VCL writes into others is forgotten, unless it is made of a
    /// request: name a field here before a property looks at it.
    /// </summary>
    public static FrozenSet<string> Judged { get; } =
        TargetedAtCaches.Select(f => f.ToLowerInvariant())
            .Concat([CacheControl, "content-type", "expires", SetCookie, Vary]).ToFrozenSet(StringComparer.Ordinal);
}
