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
        var head = RegexHead.Of(pattern);
        var rest = head.CompileRest(budget);
        var may = rest.May.After(head.Literal, budget);
        return rest with { May = may, Must = rest.IsExact ? may : rest.Must.After(head.Literal, budget) };
    }

    /// <summary>Compiles with the larger language, and where that is not exact, with the smaller one.</summary>
    public static RegexLanguage Of(Func<RegexCompiler, Language> compile, Budget budget)
    {
        var upper = new RegexCompiler(may: true, budget);
        var may = compile(upper);
        return upper.IsExact
            ? new RegexLanguage(may, may, IsExact: true)
            : new RegexLanguage(may, compile(new RegexCompiler(may: false, budget)), IsExact: false);
    }
}
