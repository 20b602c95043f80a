using System.Collections.Frozen;

namespace CachePolicyOperator.Core.HeaderFields;

/// <summary>
/// What is known of single request fields, by names in lower case: what the renderer writes of them and what the proof
/// asks of them is the same list. All that clients are known to send is <see cref="ForwardedFields"/>.
/// </summary>
internal static class RequestFields
{
    public const string Cookie = "cookie";

    public const string Authorization = "authorization";

    /// <summary>Fields that say who asks, for every origin, without being declared: <c>Cookie</c> aside.</summary>
    public static IReadOnlyList<string> Authorizations { get; } = [Authorization, "proxy-authorization"];

    /// <summary>Fields that say who asks, for every origin, without being declared.</summary>
    public static IReadOnlyList<string> Credentials { get; } = [Cookie, .. Authorizations];

    /// <summary>
    /// Edges set these, and attackers: another host, scheme, target or method than the one in the key; modes of
    /// frameworks.
    /// </summary>
    public static IReadOnlyList<string> Edge { get; } =
    [
        "x-forwarded-host", "x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-port", "x-forwarded-prefix",
        "x-forwarded-server", "forwarded", "x-host", "x-original-url", "x-original-host", "x-rewrite-url",
        "x-http-method-override", "x-http-method", "x-method-override", "x-now-route-matches",
        "x-middleware-prefetch", "x-middleware-rewrite", "x-react-router-spa-mode",
    ];

    /// <summary>What clients would like to have.</summary>
    public static IReadOnlyList<string> Preferences { get; } =
        ["origin", "accept-language", "user-agent", "accept", "referer"];

    /// <summary>varnishd writes these itself, or they say nothing to an origin.</summary>
    public static FrozenSet<string> Harmless { get; } =
        FrozenSet.Create(StringComparer.Ordinal, "accept-encoding", "x-forwarded-for", "via", "x-varnish", "x-vinyl");

    /// <summary>
    /// Not taken over into a fetch that may be stored (7.1, include/tbl/http_headers.h), before
    /// <c>vcl_backend_fetch</c> sees it.
    /// </summary>
    public static FrozenSet<string> Dropped { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "accept-ranges", "cache-control", "connection", "content-range", "http2-settings", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "range", "te", "trailer", "transfer-encoding", "upgrade");

    /// <summary>Written by varnishd where it refreshes a stale object.</summary>
    public static FrozenSet<string> Conditional { get; } =
        FrozenSet.Create(StringComparer.Ordinal, "if-modified-since", "if-none-match");

    /// <summary>
    /// Where nobody needs to look for a field that the origin sees and the key does not have: in every key, dropped or
    /// written by varnishd. Not <c>Proxy-Authorization</c>, which is an identity, nor what a VCL has no business with.
    /// </summary>
    public static FrozenSet<string> NeverUnkeyed { get; } =
        Dropped.Except(["accept-ranges", "http2-settings", "proxy-authorization"]).Concat(Harmless).Append("host")
            .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A request whose <c>Connection</c> names one of these is refused by varnishd.</summary>
    public static FrozenSet<string> NeverNamed { get; } =
        FrozenSet.Create(StringComparer.Ordinal, Cookie, Authorization, "host");

    /// <summary>
    /// varnishd answers 400 to a second <c>Host</c> line, and joins lines of the others into one before VCL sees them.
    /// </summary>
    public static FrozenSet<string> OneLine { get; } =
        FrozenSet.Create(StringComparer.Ordinal, "host", "x-forwarded-for", "cache-control");

    /// <summary>
    /// Where a request says how long its body is: varnishd writes them anew when it has read the body.
    /// </summary>
    public static IReadOnlyList<string> BodyLength { get; } = ["content-length", "transfer-encoding"];
}
