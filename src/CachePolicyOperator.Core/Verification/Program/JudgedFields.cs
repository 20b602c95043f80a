using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>
/// The header fields that properties ask for by their names. What a VCL does to others need not be told apart on the
/// states: name a field here before a property looks at it.
/// </summary>
internal static class JudgedFields
{
    /// <summary>
    /// Edges set these, and attackers: another host, scheme, target or method than the one in the key; modes of
    /// frameworks.
    /// </summary>
    public static readonly string[] Edge =
    [
        "x-forwarded-host", "x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-port", "x-forwarded-prefix",
        "x-forwarded-server",
        "forwarded", "x-host", "x-original-url", "x-original-host", "x-rewrite-url", "x-http-method-override",
        "x-http-method",
        "x-method-override", "x-now-route-matches", "x-middleware-prefetch", "x-middleware-rewrite",
        "x-react-router-spa-mode",
    ];

    /// <summary>What clients would like to have.</summary>
    public static readonly string[] Preferences = ["origin", "accept-language", "user-agent", "accept", "referer"];

    /// <summary>Response fields that tell a cache of one kind what <c>Cache-Control</c> tells all of them.</summary>
    public static readonly string[] Targeted = ["surrogate-control", "cdn-cache-control"];

    /// <summary>Response fields. What a VCL writes into others is forgotten, unless it is made of a request.</summary>
    public static IReadOnlyCollection<string> Response { get; } =
        ["cache-control", "content-type", "expires", "set-cookie", "vary", .. Targeted];

    /// <summary>Request fields that say who asks.</summary>
    public static IReadOnlyList<string> CarriersOf(IdentityCarriers identity) =>
        [.. identity.Headers.Items.Select(h => h.ToLowerInvariant())
            .Union(["cookie", "authorization", "proxy-authorization"])];

    /// <summary>All of them, of requests and responses.</summary>
    public static IReadOnlyCollection<string> Of(IdentityCarriers identity) =>
        [.. CarriersOf(identity), .. Edge, .. Preferences, "host", "connection", "accept-encoding", .. Response];
}
