namespace CachePolicyOperator.Entities;

/// <summary>
/// Requests by path: at most one of `path`, `pathPrefix`, `template` and `regex`, and `extensions`, or several such in
/// `paths`; and by what else they are and bring, all of which must hold. At least one of all.
/// </summary>
public sealed class MatchSpec : SpecPart
{
    /// <summary>This path only.</summary>
    public string? Path { get; set; }

    /// <summary>The path and everything below it, by segments.</summary>
    public string? PathPrefix { get; set; }

    /// <summary>A path with `{parameters}`, each one segment.</summary>
    public string? Template { get; set; }

    /// <summary>Paths that contain a match of a PCRE2 regular expression; `^` and `$` anchor.</summary>
    public string? Regex { get; set; }

    /// <summary>File name extensions without the dot, for example `css`; the path must end in one of them.</summary>
    public IList<string>? Extensions { get; set; }

    /// <summary>Several sets of paths, of which a path must be in one.</summary>
    public IList<PathSpec>? Paths { get; set; }

    /// <summary>Some of the policy's hosts; all of them unless told.</summary>
    public IList<string>? Hosts { get; set; }

    /// <summary>Methods; all of them unless told. Of a rule that caches `GET`, with or without `HEAD`.</summary>
    public IList<string>? Methods { get; set; }

    /// <summary>
    /// Request headers that must be there. Of a rule that caches each is also in `cache.key.headers`, as it comes.
    /// </summary>
    public IList<BroughtSpec>? Headers { get; set; }

    /// <summary>Cookies that must be there; a `*` may end a name. Not of a rule that caches.</summary>
    public IList<BroughtSpec>? Cookies { get; set; }

    /// <summary>
    /// Parameters of the query that must be there; a `*` may end a name. Of a rule that caches each is also in
    /// `cache.key.query`, where all are unless told.
    /// </summary>
    public IList<BroughtSpec>? Query { get; set; }
}

/// <summary>A set of paths: at most one of `path`, `pathPrefix`, `template` and `regex`, and `extensions`.</summary>
public sealed class PathSpec : SpecPart
{
    /// <summary>This path only.</summary>
    public string? Path { get; set; }

    /// <summary>The path and everything below it, by segments.</summary>
    public string? PathPrefix { get; set; }

    /// <summary>A path with `{parameters}`, each one segment.</summary>
    public string? Template { get; set; }

    /// <summary>Paths that contain a match of a PCRE2 regular expression; `^` and `$` anchor.</summary>
    public string? Regex { get; set; }

    /// <summary>File name extensions without the dot; the path must end in one of them.</summary>
    public IList<string>? Extensions { get; set; }
}
