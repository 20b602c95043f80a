using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Routes;

/// <summary>Tells what is wrong with the text of a route pattern.</summary>
public static class RoutePatternCheck
{
    /// <summary>Longer patterns than this are refused: PCRE2 refuses compiled patterns above 64 kB.</summary>
    public const int MaxLength = 16_384;

    private static readonly Language WithoutQuery = Language.OneOf(~ByteSet.Of('?')).Star(Budget.ForPattern());

    /// <summary>Empty where the pattern can be used; <paramref name="path"/> is the field that holds it.</summary>
    public static IReadOnlyList<Diagnostic> Check(RoutePattern pattern, string path) =>
        Check(pattern, path, new RegexCache(Budget.ForPattern()));

    internal static IReadOnlyList<Diagnostic> Check(RoutePattern pattern, string path, RegexCache regexes) =>
        pattern switch
        {
            ExactPath exact => CheckPath(exact.Path, path),
            PathPrefix prefix => CheckPath(prefix.Prefix, path),
            PathTemplate template => [.. CheckPath(template.Template, path), .. CheckTemplate(template.Template, path)],
            PathRegex regex => CheckRegex(regex.Pattern, path, regexes),
            _ => [],
        };

    private static List<Diagnostic> CheckPath(string text, string path)
    {
        var found = new List<Diagnostic>();
        if (text.Length > MaxLength)
        {
            found.Add(TooLong(text.Length, path));
        }
        else if (!text.StartsWith('/'))
        {
            found.Add(
                Diagnostic.Error("route/not-a-path", path, $"`{text}` does not begin with `/`", $"write `/{text}`"));
        }
        else if (text.AsSpan().IndexOfAny('?', '#') is >= 0 and var at)
        {
            found.Add(
                Diagnostic.Error("route/not-a-path", path,
                $"`{text}` contains `{text[at]}`, which is never part of a path",
                $"write `{text[..at]}`; a route covers every query"));
        }
        else if (text.Any(c => c <= ' ' || c == 0x7f))
        {
            found.Add(Diagnostic.Error("route/not-a-path", path, "a path contains a space or a control character",
                "write a space as `%20`"));
        }

        return found;
    }

    private static IEnumerable<Diagnostic> CheckTemplate(string text, string path)
    {
        var open = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var wrong = text[i] switch
            {
                '{' when open >= 0 => "a parameter inside a parameter",
                '}' when open < 0 => "a `}` without its `{`",
                '}' when open == i - 1 => "a parameter without a name",
                '/' when open >= 0 => "a parameter across a `/`",
                _ => null,
            };
            if (wrong is not null)
            {
                return [Diagnostic.Error("route/template", path, $"`{text}` has {wrong}",
                    "write each parameter as `{name}`")];
            }

            open = text[i] switch { '{' => i, '}' => -1, _ => open };
        }

        return open < 0
            ? []
            : [Diagnostic.Error("route/template", path, $"`{text}` has a `{{` without its `}}`",
                "write each parameter as `{name}`")];
    }

    private static List<Diagnostic> CheckRegex(string pattern, string path, RegexCache regexes)
    {
        if (pattern.Length > MaxLength)
        {
            return [TooLong(pattern.Length, path)];
        }

        try
        {
            var (route, own) = (regexes[pattern], Budget.ForPattern());
            return route.ShortestWordIn(WithoutQuery, own) is null
                && route.ShortestWordIn(Language.All, own) is not null
                ? [Diagnostic.Error("route/not-a-path", path,
                    $"every match of `{Shorten(pattern)}` contains a `?`, which is never part of a path",
                    "write a pattern of paths; a route covers every query")]
                : [];
        }
        catch (RegexSyntaxException error)
        {
            return [Unreadable(error, pattern, path)];
        }
        catch (BudgetExceededException error)
        {
            return [TooComplex(error, pattern, path)];
        }
    }

    internal static Diagnostic Unreadable(RegexSyntaxException error, string pattern, string path) =>
        Diagnostic.Error(
            "route/regex", path, $"`{Shorten(pattern)}`: {error.Message}, at byte {error.Position}", error.Help);

    internal static Diagnostic TooComplex(BudgetExceededException error, string pattern, string path) =>
        Diagnostic.Error("route/too-complex", path, $"`{Shorten(pattern)}` cannot be decided: {error.Message}",
            "make the repeats smaller, or write several simpler routes");

    private static Diagnostic TooLong(int length, string path) =>
        Diagnostic.Error("route/too-long", path, $"the pattern has {length} characters",
            $"write several patterns of at most {MaxLength} characters");

    private static string Shorten(string text) => text.Length <= 80 ? text : $"{text[..77]}…";
}
