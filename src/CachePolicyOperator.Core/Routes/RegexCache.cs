using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Routes;

/// <summary>Compiles each regular expression of one proof once, out of the budget of that proof.</summary>
internal sealed class RegexCache(Budget budget)
{
    private readonly Dictionary<string, RegexLanguage> _languages = new(StringComparer.Ordinal);

    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    public RegexLanguage this[string pattern]
    {
        get
        {
            if (!_languages.TryGetValue(pattern, out var language))
            {
                _languages.Add(pattern, language = RegexLanguage.Of(pattern, budget.SharePattern()));
            }

            return language;
        }
    }
}
