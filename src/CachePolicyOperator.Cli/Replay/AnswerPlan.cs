using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>
/// What the origin answers so that a finding shows: as the witness says, with and without a word that makes it
/// cacheable.
/// </summary>
internal static class AnswerPlan
{
    private static readonly HeaderField Public = new("Cache-Control", "public, max-age=3600");

    /// <summary>Some VCLs store nothing of which the origin does not speak to caches.</summary>
    private static readonly HeaderField ForCaches = new("Cache-Control", "public, s-maxage=3600");

    /// <param name="unnamed">A field to vary on, where the finding is about any field.</param>
    public static IEnumerable<OriginAnswer> For(Diagnostic diagnostic, string unnamed)
    {
        var given = diagnostic.Witness!.Response.Items;
        HeaderField[] typed = given.Any(h => h.Name == "Content-Type")
            ? [.. given]
            : [.. given, new("Content-Type", TypeOf(diagnostic))];
        HeaderField[] cacheable = given.Any(h => h.Name == "Cache-Control") ? typed : [.. typed, Public];
        return diagnostic.Code switch
        {
            _ when AttemptPlan.IsErrorPage(diagnostic) => [new OriginAnswer(200, [], HangsUp: true)],
            "response/invented-ttl" => [new OriginAnswer(200, [.. typed])],
            "response/not-uncacheable" => [new OriginAnswer(200, [.. typed]),
                new OriginAnswer(200, [.. typed, new HeaderField("Cache-Control", "max-age=0")])],
            "response/status" => ((int[])[302, 403, 500, 503, 404, 401])
                .Select(s => new OriginAnswer(s, [.. cacheable])),
            "response/stored-private" => ((int[])[200, 404])
                .SelectMany(s => Marked(cacheable, typed).Select(h => new OriginAnswer(s, [.. h]))),
            _ when IsOfVary(diagnostic) => [new OriginAnswer(200, [.. cacheable, new HeaderField("Vary", unnamed)])],
            _ => [new OriginAnswer(200, [.. cacheable]), new OriginAnswer(200, [.. typed]),
                .. cacheable.Contains(Public) ? [new OriginAnswer(200, [.. typed, ForCaches])] : (OriginAnswer[])[]],
        };
    }

    public static bool IsOfVary(Diagnostic diagnostic) =>
        diagnostic.Code == "key/unkeyed-input" && diagnostic.Message.Contains("`Vary`", StringComparison.Ordinal);

    public static bool IsOfStale(Diagnostic diagnostic) =>
        diagnostic.Message.Contains("stale", StringComparison.Ordinal);

    // A mark may stand alone, or next to a lifetime.
    private static IEnumerable<HeaderField[]> Marked(HeaderField[] cacheable, HeaderField[] typed) =>
    [
        cacheable,
        typed,
        [.. typed.Select(h => h.Name == "Cache-Control" ? h with { Value = $"{h.Value}, max-age=60" } : h)],
    ];

    private static string TypeOf(Diagnostic diagnostic) =>
        diagnostic.Code == "response/type" ? "text/html"
        : Path.GetExtension(diagnostic.Witness!.Target.Split('?')[0]) switch
        {
            ".css" => "text/css",
            ".js" => "text/javascript",
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            _ => "text/html",
        };
}
