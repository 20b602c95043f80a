using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// The texts that contain a match of a pattern, as <c>~</c> in VCL decides it: at most <see cref="May"/>, at least
/// <see cref="Must"/>; the same where the pattern is regular.
/// </summary>
internal sealed record RegexLanguage(Language May, Language Must, bool IsExact)
{
    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    /// <exception cref="BudgetExceededException">The automaton would be too big.</exception>
    public static RegexLanguage Of(string pattern, Budget budget)
    {
        var node = RegexParser.Parse(pattern);
        var upper = new RegexCompiler(may: true, budget);
        var may = upper.Containing(node);
        if (upper.IsExact)
        {
            return new RegexLanguage(may, may, IsExact: true);
        }

        var must = new RegexCompiler(may: false, budget).Containing(node);
        return new RegexLanguage(may, must, IsExact: false);
    }
}
