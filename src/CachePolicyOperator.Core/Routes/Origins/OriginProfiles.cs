using CachePolicyOperator.Core.Diagnostics;
using static CachePolicyOperator.Core.Routes.Origins.OriginBehaviors;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>The origin profiles, as data (LEAKS.md §5). <c>strict</c> is the default: what any origin may do.</summary>
public static class OriginProfiles
{
    public const string Strict = "strict";

    private static readonly Dictionary<string, OriginProfile> Table = All().ToDictionary(p => p.Id);

    public static IReadOnlyList<string> Ids { get; } = [.. All().Select(p => p.Id)];

    public static OriginProfile? Find(string id) => Table.GetValueOrDefault(id);

    /// <summary>One error for each id that names no profile; <paramref name="path"/> is the field that lists them.</summary>
    public static IEnumerable<Diagnostic> Check(IEnumerable<string> ids, string path) =>
        from id in ids
        where Find(id) is null
        select Diagnostic.Error("origin/unknown-profile", path, $"there is no origin profile `{id}`",
            Suggestion.Nearest(id, Ids) is { } near
                ? $"did you mean `{near}`? The safest is `{Strict}`"
                : $"use one of {string.Join(", ", Ids)}; the safest is `{Strict}`");

    /// <summary>
    /// Rows in the order of DESIGN §4. A cell that LEAKS.md leaves open, or makes depend on settings, counts as "may".
    /// </summary>
    private static IEnumerable<OriginProfile> All() =>
    [
        Row(Strict, "what any origin may do",
            Decode, Decode, FoldMarks, Backslash, Delimiters, SegmentParameters, CookielessSegment, TrailingDots,
            DotSegments, MergeSlashes, FoldCase, DataPrefix, ScriptPrefix, FoldLetters, PathInfo, FormatSuffix,
            DirectoryIndex, TrailingSlash),
        Row("php", "PHP behind FastCGI; the front decodes and resolves dots",
            Decode, DotSegments, MergeSlashes, ScriptPrefix, PathInfo, DirectoryIndex, TrailingSlash),
        Row("apache", "Apache httpd 2.4 with a script handler; MultiViews and the file system's case count as on",
            Decode, DotSegments, MergeSlashes, FoldCase, ScriptPrefix, PathInfo, FormatSuffix, DirectoryIndex, TrailingSlash),
        Row("nginx", "nginx as origin or between",
            Decode, LineFeed, DotSegments, MergeSlashes, PathInfo, DirectoryIndex, TrailingSlash),
        Row("wordpress", "WordPress; slugs compare by the database's collation",
            Decode, DotSegments, MergeSlashes, FoldCase, ScriptPrefix, FoldLetters, PathInfo, DirectoryIndex, TrailingSlash),
        Row("drupal7", "Drupal up to 7",
            Decode, DotSegments, MergeSlashes, FoldCase, ScriptPrefix, FoldLetters, PathInfo, DirectoryIndex, TrailingSlash),
        Row("rails", "Ruby on Rails: `(.:format)`",
            Decode, MergeSlashes, FormatSuffix, TrailingSlash),
        Row("django", "Django and other WSGI applications",
            Decode, DotSegments, PathInfo, TrailingSlash),
        Row("flask", "Flask and Werkzeug",
            Decode, MergeSlashes, TrailingSlash),
        Row("express", "Express: case-insensitive, `app.use` matches prefixes",
            Decode, FoldCase, PathInfo, TrailingSlash),
        Row("nextjs", "Next.js: pages have data twins",
            Decode, MergeSlashes, DataPrefix, FormatSuffix, DirectoryIndex, TrailingSlash),
        Row("spring5", "Spring MVC up to 5.2: suffix patterns, `;` removed",
            Decode, SegmentParameters, DotSegments, MergeSlashes, FormatSuffix, TrailingSlash),
        Row("spring6", "Spring MVC 6: `;` removed",
            Decode, SegmentParameters, DotSegments, MergeSlashes),
        Row("tomcat", "Tomcat servlets with prefix mappings",
            Decode, SegmentParameters, DotSegments, MergeSlashes, PathInfo, DirectoryIndex, TrailingSlash),
        Row("jetty", "Jetty servlets with prefix mappings",
            Decode, SegmentParameters, DotSegments, MergeSlashes, PathInfo, DirectoryIndex, TrailingSlash),
        Row("iis", "IIS",
            Decode, Backslash, TrailingDots, CookielessSegment, DotSegments, MergeSlashes, FoldCase, PathInfo, DirectoryIndex,
            TrailingSlash),
        Row("aspnet-webforms", "ASP.NET Web Forms: PATH_INFO, cookieless sessions",
            Decode, Backslash, TrailingDots, CookielessSegment, DotSegments, MergeSlashes, FoldCase, PathInfo, FormatSuffix,
            DirectoryIndex, TrailingSlash),
        Row("aspnetcore", "ASP.NET Core with the default route `{controller}/{action}/{id?}`",
            DecodeAllButSlash, DotSegments, MergeSlashes, FoldCase, PathInfo, TrailingSlash),
        Row("go", "Go's ServeMux: subtree patterns",
            Decode, DotSegments, MergeSlashes, PathInfo, DirectoryIndex, TrailingSlash),
        Row("openlitespeed", "OpenLiteSpeed: NUL ends the path",
            Decode, Nul, DotSegments, MergeSlashes, ScriptPrefix, PathInfo, DirectoryIndex, TrailingSlash),
        Row("symfony", "Symfony and Laravel: `_format`",
            Decode, DotSegments, MergeSlashes, ScriptPrefix, FormatSuffix, TrailingSlash),
        Row("object-storage", "S3, GCS and their like: the key is the decoded path",
            Decode),
    ];

    private static OriginProfile Row(string id, string summary, params ReadOnlySpan<OriginBehavior> behaviors) =>
        new(id, summary, EquatableList.Create<ProfileStep>([.. behaviors.ToArray().Select(b => new ProfileStep(b, Evidence.Documented))]));
}
