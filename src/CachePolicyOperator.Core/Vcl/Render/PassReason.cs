namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// A reason for which a rendered VCL passes a request: what <c>Cache-Status</c> says of it, and the sentences that tell
/// a person. The sections write no reason that is not here, so none is without its sentence.
/// </summary>
/// <param name="Status">As parameters of <c>Cache-Status</c>.</param>
/// <param name="Passed">
/// The sentence where it holds; words in braces stand for what the request and the policy say.
/// </param>
/// <param name="Otherwise">The sentence where it does not hold; null where that says nothing.</param>
internal sealed record PassReason(string Status, string Passed, string? Otherwise = null)
{
    public static PassReason NotAPath { get; } = Bypass(
        "not-a-path", "the target does not begin with `/`, so it is no path of this site",
            "the target begins with `/`");

    public static PassReason Host { get; } = Bypass(
        "host", "the policy is not for `{host}` but for {hosts}", "the policy is for `{host}`");

    public static PassReason Method { get; } = new(
        "fwd=method", "a {method} always goes to the origin", "a {method} may be answered from the cache");

    public static PassReason Body { get; } = Bypass("body", "a request with a body always goes to the origin");

    public static PassReason Connection { get; } = Bypass(
        "connection",
            "`Connection` names a field that is not for this connection alone, and the origin would not get it");

    public static PassReason NonCanonical { get; } = Bypass(
        "non-canonical",
        "the target is not canonical: cache and origin may read it differently, so it is never looked up",
        "the target is canonical: cache and origin read it alike");

    public static PassReason Query { get; } = Bypass("query", "{parameter}");

    public static PassReason PageInQuery { get; } = Bypass(
        "page-in-query", "by a parameter of its query the origin finds any page, whatever its path says");

    public static PassReason Personal { get; } = Bypass(
        "personal",
        "it is, or an origin may resolve it to, {personal}",
        "it is on no personal route, however the origin resolves it");

    public static PassReason Identity { get; } = Bypass(
        "identity", "{carrier} says who asks", "nothing in it says who asks");

    /// <summary>What its rule names in <c>bypass</c>.</summary>
    public static PassReason Brought { get; } = Bypass(
        "bypass", "{rule} passes a request with {brought}", "it brings nothing that {rule} passes");

    public static PassReason NoRule { get; } = Bypass("no-rule", "what no rule names is passed");

    public static PassReason PassRule { get; } = Bypass(
        "rule", "{rule} passes what it matches", "{rule} caches {lifetime}");

    /// <summary>What comes out of the cache should not have been there.</summary>
    public static PassReason Guard { get; } = Bypass(
        "guard",
            "should the cache hold an answer that is somebody's own, it is not delivered, and the origin is asked");

    /// <summary>The origin gives an anonymous request an answer that may not be stored.</summary>
    public static PassReason Refused { get; } = Bypass(
        "refused",
            "should the origin's answer be one that may not be stored, the origin is asked again with the request as "
                + "it came");

    public static IReadOnlyList<PassReason> All { get; } =
    [
        NotAPath, Host, Method, Body, Connection, NonCanonical, Query, PageInQuery, Personal, Identity, Brought, NoRule,
            PassRule, Guard, Refused,
    ];

    /// <summary>The reason that <c>Cache-Status</c> tells; null where it is none of them.</summary>
    public static PassReason? Of(string? status) => All.FirstOrDefault(r => r.Status == status);

    private static PassReason Bypass(string detail, string passed, string? otherwise = null) =>
        new($"fwd=bypass; detail={detail}", passed, otherwise);
}
