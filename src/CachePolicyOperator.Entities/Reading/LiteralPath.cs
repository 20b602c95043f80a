using System.Buffers;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Finds paths that were meant as patterns. A path is taken letter by letter, so <c>/users/*/orders</c> would protect
/// nothing; it is refused, with the pattern that was meant, in policies and on the command line alike.
/// </summary>
public static partial class LiteralPath
{
    public const string Code = "route/literal-pattern";

    // None of these is in a target that the cache looks up.
    private static readonly SearchValues<char> Unusual = SearchValues.Create("*<>^$[]()|\\");
    private static readonly SearchValues<char> UnusualWithBraces = SearchValues.Create("{}*<>^$[]()|\\");
    private static readonly SearchValues<char> OfRegexes = SearchValues.Create("^$[]()|\\");

    /// <summary>Null where <paramref name="text"/> can be taken as it is written.</summary>
    /// <param name="form"><c>path</c>, <c>pathPrefix</c> or <c>template</c>: how the text is taken.</param>
    public static Diagnostic? Check(string form, string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Sign(form, text) is not { } sign)
        {
            return null;
        }

        var why = sign is "{" or "}"
            ? $"`{sign}` is a letter like any other in `{form}`, and no request that the cache looks up has it"
            : $"`{sign}` means nothing special in `{form}`";
        return Diagnostic.Error(Code, path, $"{Quoted.Text(text)} is taken letter by letter: {why}",
            Remedy(form, text));
    }

    // What no canonical target has (`*`, `{`, `<`, `[`, `|`, …), and `:id` and `.+`, which are hardly meant as letters.
    private static string? Sign(string form, string text)
    {
        var at = text.AsSpan().IndexOfAny(form == "template" ? Unusual : UnusualWithBraces);
        return at >= 0 ? text[at..].StartsWith("**", StringComparison.Ordinal) ? "**" : text[at..(at + 1)]
            : ColonParameter().Match(text) is { Success: true } parameter ? parameter.Value[1..]
            : text.Contains(".+", StringComparison.Ordinal) ? ".+"
            : null;
    }

    private static string Remedy(string form, string text) =>
        $"{Meant(form, text)}; if that letter is really in the path, write it percent-encoded as the origin receives "
            + "it, "
        + "or a `regex` with a `\\` before it";

    private static string Meant(string form, string text)
    {
        // `/a/*` and `/a/**`: everything below it.
        if (Trailing().Match(text) is { Success: true } below && below.Groups["start"].Value is var start
            && IsPlain(start) && !start.Contains('{'))
        {
            return start.Length == 0
                ? "write `pathPrefix: /`"
                : $"write `pathPrefix: {start}`, which is it and all below it";
        }

        var template = string.Join('/', text.Split('/').Select(Segment));
        if (IsPlain(template) && template.Contains('{'))
        {
            return form == "pathPrefix"
                ? $"write `regex: {InQuotes($"^{WithoutNames(template.TrimEnd('/'))}(/|$)")}`, which is it and all "
                    + "below it"
                : $"write `template: {InQuotes(template)}`, where each `{{name}}` is one segment";
        }

        if (LooksRegular(text))
        {
            return $"write `regex: {InQuotes(Anchored(text, form))}`";
        }

        return text.EndsWith('*') && IsPlain(text[..^1]) && !text.Contains('{')
            ? $"write `regex: {InQuotes($"^{Escaped(text[..^1])}")}`, which is every path that begins so"
            : "write a `template` with a `{name}` for each whole segment, or a `regex: '^…$'` for more";
    }

    /// <summary>
    /// A segment of other systems that stands for any: <c>*</c>, <c>:id</c>, <c>&lt;int:id&gt;</c>, <c>[id]</c>.
    /// </summary>
    private static string Segment(string segment) =>
        segment == "*" ? "{any}"
        : WholeParameter().Match(segment) is { Success: true } match ? $"{{{match.Groups["name"].Value}}}"
        : segment;

    private static bool IsPlain(string text) =>
        !text.AsSpan().ContainsAny(Unusual) && !text.Contains(".+", StringComparison.Ordinal);

    private static bool LooksRegular(string text) =>
        text.AsSpan().ContainsAny(OfRegexes)
        || text.Contains(".*", StringComparison.Ordinal)
        || text.Contains(".+", StringComparison.Ordinal);

    private static string WithoutNames(string template) => Parameter().Replace(Escaped(template), "[^/]+");

    private static string Anchored(string text, string form)
    {
        var start = text.StartsWith('^') ? text : $"^{text}";
        return form == "pathPrefix" || start.EndsWith('$') ? start : $"{start}$";
    }

    private static string Escaped(string text) =>
        text.Replace(".", "\\.", StringComparison.Ordinal).Replace("+", "\\+", StringComparison.Ordinal);

    // As YAML takes a text with any letter in it.
    private static string InQuotes(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"/:[A-Za-z_][A-Za-z0-9_]*(?=/|$)")]
    private static partial Regex ColonParameter();

    [GeneratedRegex(@"^(?::(?<name>[A-Za-z_]\w*)|<(?:\w+:)?(?<name>\w+)>|\[(?<name>\w+)\]|\{(?<name>[^{}]+)\})$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex WholeParameter();

    [GeneratedRegex(@"^(?<start>.*?)/\*{1,2}$")]
    private static partial Regex Trailing();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Parameter();
}
