namespace CachePolicyOperator.Core.Routes;

/// <summary>A set of paths as a user writes it. The query string is never part of a path.</summary>
public abstract record RoutePattern;

/// <summary>This path only.</summary>
public sealed record ExactPath(string Path) : RoutePattern
{
    public override string ToString() => $"path {Path}";
}

/// <summary>
/// The path and everything below it, segment-wise: <c>/mypage</c> and <c>/mypage/…</c>, not <c>/mypages</c>.
/// </summary>
public sealed record PathPrefix(string Prefix) : RoutePattern
{
    public override string ToString() => $"pathPrefix {Prefix}";
}

/// <summary>A path whose <c>{parameters}</c> each stand for one non-empty segment, as in OpenAPI.</summary>
public sealed record PathTemplate(string Template) : RoutePattern
{
    public override string ToString() => $"template {Template}";
}

/// <summary>
/// Paths that contain a match of a PCRE2 regular expression, as <c>~</c> in VCL does; <c>^</c> and <c>$</c> anchor.
/// </summary>
public sealed record PathRegex(string Pattern) : RoutePattern
{
    public override string ToString() => $"regex {Pattern}";
}
