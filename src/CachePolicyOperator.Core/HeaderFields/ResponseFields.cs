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
    /// What properties ask for, in lower case. What a VCL writes into others is forgotten, unless it is made of a
    /// request: name a field here before a property looks at it.
    /// </summary>
    public static FrozenSet<string> Judged { get; } =
        TargetedAtCaches.Select(f => f.ToLowerInvariant())
            .Concat([CacheControl, "content-type", "expires", SetCookie, Vary]).ToFrozenSet(StringComparer.Ordinal);
}
