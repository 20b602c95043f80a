namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Which content types a file extension stands for. A page that an origin serves under <c>/mypage/x.css</c> says
/// <c>text/html</c>, and so is not stored under a rule for style sheets.
/// </summary>
internal static class ContentTypes
{
    private const string Octets = "application/octet-stream";

    /// <summary>Paths that are named like a file that no page is; letter case does not matter.</summary>
    public const string AssetPath = @"(?i)\.(?:css|m?js|a?png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot)$";

    /// <summary>Types of pages and of what programs answer to programs, which no such file has.</summary>
    public const string PageTypes = @"(?i)html|json|[,]";

    /// <summary>Types of what packs well.</summary>
    public const string Text = @"(?i)^(?:text/|image/svg\+xml|"
        + @"(?:application|font)/(?:(?:[a-z0-9.-]+\+)?(?:json|xml)|(?:x-)?(?:java|ecma)script|wasm|ttf|otf|vnd\.ms-fontobject)[ \t]*(?:;|$))";

    private static readonly (string Extensions, string Types)[] Table =
    [
        ("css", "text/css"),
        ("js mjs cjs", "(?:text|application)/(?:x-)?(?:java|ecma)script"),
        ("json map webmanifest geojson", @"(?:text/json|application/(?:[a-z0-9.-]+\+)?json)"),
        ("png apng jpg jpeg jfif gif webp avif bmp tif tiff ico cur heic heif jxl", "image/[a-z0-9.+-]+"),
        ("svg svgz", @"image/svg\+xml"),
        ("woff woff2 ttf otf eot",
            $"(?:font/[a-z0-9.+-]+|application/(?:x-)?font-[a-z0-9.+-]+|application/vnd\\.ms-fontobject|{Octets})"),
        ("mp3 m4a aac oga flac wav opus weba mid", "audio/[a-z0-9.+-]+"),
        ("mp4 m4v webm ogv mov avi mkv mpg mpeg ts", "(?:video|audio)/[a-z0-9.+-]+"),
        ("ogg", "(?:audio|video|application)/ogg"),
        ("m3u8", @"(?:audio|application)/(?:vnd\.apple\.|x-)?mpegurl"),
        ("pdf", "application/pdf"),
        ("wasm", "application/wasm"),
        ("txt text md vtt", "text/(?:plain|markdown|vtt)"),
        ("csv", "text/csv"),
        ("xml xsl rss atom", @"(?:text/xml|application/(?:[a-z0-9.-]+\+)?xml)"),
        ("html htm xhtml shtml", @"(?:text/html|application/xhtml\+xml)"),
        ("zip gz tgz bz2 xz 7z rar tar zst jar apk dmg iso exe msi bin class",
            $"(?:{Octets}|application/(?:x-|vnd\\.|zip|gzip|zstd|java)[a-z0-9.+-]*)"),
        ("doc docx xls xlsx ppt pptx odt ods odp rtf eps ps ejs swf",
            @"application/(?:msword|rtf|postscript|vnd\.|x-)[a-z0-9.+-]*"),
    ];

    /// <summary>
    /// The extensions grouped by their types, as a regex of media types; null where an extension is not known.
    /// </summary>
    public static IEnumerable<(IReadOnlyList<string> Extensions, string? Types)> Group(
        IEnumerable<string> extensions) =>
        extensions.Distinct().Order(StringComparer.Ordinal)
            .GroupBy(TypesOf)
            .OrderBy(group => group.Key ?? "", StringComparer.Ordinal)
            .Select(group => ((IReadOnlyList<string>)[.. group], group.Key));

    private static string? TypesOf(string extension) =>
        Array.Find(Table, row => row.Extensions.Split(' ').Contains(extension)).Types;
}
