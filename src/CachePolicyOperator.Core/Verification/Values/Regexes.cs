using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>The regular expressions of one VCL, each translated once.</summary>
internal sealed class Regexes(Budget budget)
{
    private readonly Dictionary<string, RegexLanguage> _languages = new(StringComparer.Ordinal);
    private readonly Dictionary<(RegexNode, Before), RegexLanguage> _rests = [];
    private readonly Dictionary<EquatableList<string>, Language?> _unions = [];
    private readonly Dictionary<(string, string, bool), TextMap?> _maps = [];

    public Budget Budget => budget;

    /// <summary>The texts that match; any and none where the pattern is too much for the budget.</summary>
    public RegexLanguage LanguageOf(string pattern)
    {
        if (!_languages.TryGetValue(pattern, out var language))
        {
            _languages.Add(pattern, language = Translate(pattern));
        }

        return language;
    }

    /// <summary>The texts that match one of the patterns; null where that is not known exactly.</summary>
    public Language? AnyOf(EquatableList<string> patterns)
    {
        if (!_unions.TryGetValue(patterns, out var any))
        {
            _unions.Add(patterns, any = Unite(patterns));
        }

        return any;
    }

    /// <summary>The substitution as a map; null where it cannot be followed.</summary>
    public TextMap? MapOf(string pattern, string replacement, bool all)
    {
        if (!_maps.TryGetValue((pattern, replacement, all), out var map))
        {
            _maps.Add((pattern, replacement, all), map = BuildMap(pattern, replacement, all));
        }

        return map;
    }

    private RegexLanguage Translate(string pattern)
    {
        try
        {
            return AsUtf8(pattern) is { } text ? RegexLanguage.Of(text, budget.SharePattern(), _rests) : Unknown;
        }
        catch (Exception e) when (e is BudgetExceededException or RegexSyntaxException)
        {
            return Unknown;
        }
    }

    private Language? Unite(EquatableList<string> patterns)
    {
        try
        {
            RegexLanguage[] languages = [.. patterns.Items.Select(LanguageOf)];
            return languages.All(l => l.IsExact) ? Language.Union(languages.Select(l => l.May), budget.SharePattern())
                : null;
        }
        catch (BudgetExceededException)
        {
            return null;
        }
    }

    private TextMap? BuildMap(string pattern, string replacement, bool all)
    {
        try
        {
            return AsUtf8(pattern) is { } text
                && SubstitutionTransducer.Of(text, replacement, all, budget.SharePattern()) is { } transducer
                ? new TextMap($"{(all ? "regsuball" : "regsub")}\0{pattern}\0{replacement}", transducer,
                    LanguageOf(pattern).May.Complement(), cutsAt: CutsAt(pattern, replacement, all))
                : null;
        }
        catch (Exception e) when (e is BudgetExceededException or RegexSyntaxException)
        {
            return null;
        }
    }

    // The common ways to take the query, or a fragment, off a URL.
    private static char? CutsAt(string pattern, string replacement, bool all) =>
        replacement.Length > 0 || all ? null
        : pattern is @"\?.*" or @"\?.*$" or @"\?.*\z" or "[?].*" or "[?].*$" ? '?'
        : pattern is "#.*" or "#.*$" ? '#'
        : null;

    private static RegexLanguage Unknown => new(Language.All, Language.Empty, IsExact: false);

    // The parser of patterns wants text whose UTF-8 bytes are the pattern's; ours has one character a byte.
    private static string? AsUtf8(string latin1)
    {
        if (Ascii.IsValid(latin1))
        {
            return latin1;
        }

        var text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin1));
        return text.Contains('\ufffd', StringComparison.Ordinal) ? null : text;
    }
}
