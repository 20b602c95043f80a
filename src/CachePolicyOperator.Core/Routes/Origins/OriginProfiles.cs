using CachePolicyOperator.Core.Diagnostics;
using static CachePolicyOperator.Core.Routes.Origins.OriginBehaviors;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>The origin profiles, as data (LEAKS.md §5). <c>strict</c> is the default: what any origin may do.</summary>
public static class OriginProfiles
{
    public const string Strict = "strict";

    /// <summary>
    /// Stands between chains of which any may be asked: a policy with origins of several kinds is proven for all of
    /// them.
    /// </summary>
    public const string Or = "or";

    private static readonly Dictionary<string, OriginProfile> Table = All().ToDictionary(p => p.Id);

    public static IReadOnlyList<string> Ids { get; } = [.. All().Select(p => p.Id)];

    public static OriginProfile? Find(string id) => Table.GetValueOrDefault(id);

    /// <summary>Lists of ids as one list: whichever of them is asked.</summary>
    public static EquatableList<string> AnyOf(IEnumerable<EquatableList<string>> chains) => chains.Distinct()
        .SelectMany((chain, i) => i == 0 ? chain.Items : chain.Items.Insert(0, Or)).ToEquatableList();

    /// <summary>The chains of a list; one of <c>strict</c>, where it is empty.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> ChainsOf(IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        List<List<string>> chains = [[]];
        foreach (var id in ids)
        {
            if (id == Or)
            {
                chains.Add([]);
            }
            else
            {
                chains[^1].Add(id);
            }
        }

        return chains;
    }

    /// <summary>
    /// The profiles that a list names; <c>strict</c> for an id that names none, and where there is none.
    /// </summary>
    internal static IEnumerable<OriginProfile> Of(IEnumerable<string> ids) =>
        ids.Where(id => id != Or).DefaultIfEmpty(Strict).Select(id => Find(id) ?? Find(Strict)!);

    /// <summary>
    /// One error for each id that names no profile; <paramref name="path"/> is the field that lists them.
    /// </summary>
    public static IEnumerable<Diagnostic> Check(IEnumerable<string> ids, string path) =>
        from id in ids
        where Find(id) is null && id != Or
        select Diagnostic.Error("origin/unknown-profile", path, $"there is no origin profile `{id}`",
            Suggestion.Nearest(id, Ids) is { } near
                ? $"did you mean `{near}`? The safest is `{Strict}`"
                : $"use one of {string.Join(", ", Ids)}; the safest is `{Strict}`");

    /// <summary>
    /// Rows in the order of DESIGN §4. A cell that LEAKS.md leaves open, or makes depend on settings, counts as "may".
    /// </summary>
    private static IEnumerable<OriginProfile> All() =>
    [
        Row(Strict, "what any origin may do", CookieNaming.Any, [],
            Decode, Decode, DecodeUnicode, FoldMarks, Backslash, Delimiters, SegmentParameters, CookielessSegment,
                TrailingDots,
            DotSegments, MergeSlashes, FoldCase, DataPrefix, ScriptPrefix, FoldLetters, PathInfo, AddSuffix,
                FormatSuffix,
            DirectoryIndex, TrailingSlash),
        Row("php", "PHP behind FastCGI; the front decodes and resolves dots", CookieNaming.OfPhp,
            ["PHP 8.2.36, built-in server", "PHP 8.2.36, FPM behind nginx 1.22.1"],
            Decode, LineFeed, EncodedQuery, DotSegments, MergeSlashes, ScriptPrefix, PathInfo, AddSuffix,
                DirectoryIndex, TrailingSlash),
        Row("apache", "Apache httpd 2.4 with a script handler; MultiViews and the file system's case count as on",
            CookieNaming.OfPhp,
            [
                "Apache httpd 2.4.71 with PHP 8.2.36", "Apache httpd 2.4.71 with PHP 8.2.36, MultiViews",
                "Apache httpd 2.4.71 with PHP 8.2.36, AllowEncodedSlashes",
            ],
            Decode, LineFeed, EncodedQuery, DotSegments, MergeSlashes, FoldCase, ScriptPrefix, PathInfo, AddSuffix,
                FormatSuffix,
            DirectoryIndex, TrailingSlash),
        Row("nginx", "nginx as origin or between", CookieNaming.OfPhp, ["nginx 1.22.1"],
            Decode, LineFeed, EncodedQuery, DotSegments, MergeSlashes, PathInfo, DirectoryIndex, TrailingSlash),
        Row("wordpress",
            "WordPress; slugs compare by the database's collation; `?rest_route=/me` and `?pagename=me` are pages as "
                + "well",
            CookieNaming.OfPhp, [],
            Decode, LineFeed, EncodedQuery, DotSegments, MergeSlashes, FoldCase, ScriptPrefix, FoldLetters, PathInfo,
                DirectoryIndex,
            TrailingSlash) with
        { PathParameters = ["rest_route", "pagename", "page_id", "p", "name", "attachment", "attachment_id"] },
        Row("drupal7", "Drupal up to 7; `?q=me` is `/me`, whatever the path is", CookieNaming.OfPhp, [],
            Decode, LineFeed, EncodedQuery, DotSegments, MergeSlashes, FoldCase, ScriptPrefix, FoldLetters, PathInfo,
                DirectoryIndex,
            TrailingSlash) with
        { PathParameters = ["q"] },
        Row("rails", "Ruby on Rails: `(.:format)`", CookieNaming.AsWritten, ["Rails 6.1.7.10 on puma 5.6.5"],
            Decode, MergeSlashes, FormatSuffix, TrailingSlash),
        Row("django", "Django and other WSGI applications; `$` in a pattern lets a line feed through",
            CookieNaming.AsWritten,
            ["Django 3.2.25 on gunicorn 20.1.0"],
            Decode, LineFeed, DotSegments, PathInfo, TrailingSlash),
        Row("flask", "Flask and Werkzeug",
            CookieNaming.AsWritten, ["Flask 2.2.2 on werkzeug 2.2.2", "Flask 2.2.2 on gunicorn 20.1.0"],
            Decode, MergeSlashes, TrailingSlash),
        Row("express", "Express: case-insensitive, `app.use` matches prefixes",
            CookieNaming.AsWritten, ["Express 5.3.0", "Express 4.22.3"],
            Backslash, Decode, FoldCase, PathInfo, TrailingSlash),
        Row("nextjs", "Next.js: pages have data twins; resolves dots as browsers do",
            CookieNaming.AsWritten, ["Next.js 16.4.6"],
            Backslash, Decode, DotSegments, MergeSlashes, DataPrefix, FormatSuffix, DirectoryIndex, TrailingSlash),
        Row("spring5", "Spring MVC up to 5.2: suffix patterns, `;` removed",
            CookieNaming.AsWritten, ["Spring MVC 4.3.30 on Tomcat 9.0.70"],
            Decode, SegmentParameters, DotSegments, MergeSlashes, FormatSuffix, TrailingSlash),
        Row("spring6", "Spring MVC 6: `;` removed", CookieNaming.AsWritten, [],
            Decode, SegmentParameters, DotSegments, MergeSlashes),
        Row("tomcat", "Tomcat servlets with prefix mappings",
            CookieNaming.AsWritten, ["Tomcat 9.0.70", "Tomcat 10.1.60"],
            Decode, SegmentParameters, DotSegments, MergeSlashes, PathInfo, DirectoryIndex, TrailingSlash),
        Row("jetty", "Jetty servlets with prefix mappings", CookieNaming.AsWritten, ["Jetty 9.4.57"],
            Decode, DecodeUnicode, SegmentParameters, DotSegments, MergeSlashes, PathInfo, DirectoryIndex,
                TrailingSlash),
        Row("iis", "IIS", CookieNaming.AnyCase, [],
            Decode, DecodeUnicode, Backslash, TrailingDots, CookielessSegment, DotSegments, MergeSlashes, FoldCase,
                PathInfo,
            DirectoryIndex, TrailingSlash),
        Row("aspnet-webforms", "ASP.NET Web Forms: PATH_INFO, cookieless sessions", CookieNaming.AnyCase, [],
            Decode, DecodeUnicode, Backslash, TrailingDots, CookielessSegment, DotSegments, MergeSlashes, FoldCase,
                PathInfo,
            FormatSuffix, DirectoryIndex, TrailingSlash),
        Row("aspnetcore", "ASP.NET Core with the default route `{controller}/{action}/{id?}`",
            CookieNaming.AnyCase, ["ASP.NET Core 10.0.12"],
            DecodeAllButSlash, DotSegments, MergeSlashes, FoldCase, PathInfo, TrailingSlash),
        Row("go", "Go's ServeMux: subtree patterns", CookieNaming.AsWritten, ["Go's ServeMux 1.19.8"],
            Decode, DotSegments, MergeSlashes, PathInfo, DirectoryIndex, TrailingSlash),
        Row("openlitespeed", "OpenLiteSpeed: NUL ends the path", CookieNaming.OfPhp, [],
            Decode, Nul, DotSegments, MergeSlashes, ScriptPrefix, PathInfo, DirectoryIndex, TrailingSlash),
        Row("symfony", "Symfony and Laravel: `_format`",
            CookieNaming.OfPhp, ["Symfony 5.4.53, FPM behind nginx 1.22.1"],
            Decode, LineFeed, EncodedQuery, DotSegments, MergeSlashes, ScriptPrefix, FormatSuffix, TrailingSlash),
        Row("object-storage", "S3, GCS and their like: the key is the decoded path", CookieNaming.AsWritten, [],
            Decode),
    ];

    private static OriginProfile Row(
        string id, string summary, CookieNaming cookies, string[] triedOn,
        params ReadOnlySpan<OriginBehavior> behaviors)
    {
        var evidence = triedOn.Length > 0 ? Evidence.Tried : Evidence.Documented;
        return new(id, summary, cookies, [.. behaviors.ToArray().Select(b => new ProfileStep(b, evidence))],
            [.. triedOn]);
    }
}
