using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// The texts that contain a match of a pattern, as <c>~</c> in VCL decides it: at most <see cref="May"/>, at least
/// <see cref="Must"/>; the same where the pattern is regular.
/// </summary>
internal sealed record RegexLanguage(Language May, Language Must, bool IsExact)
{
    // Fewer branches are compiled as fast together.
    private const int ManyBranches = 8;

    /// <param name="known">
    /// What was compiled of other patterns: what follows their literal beginnings is often the same.
    /// </param>
    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    /// <exception cref="BudgetExceededException">The automaton would be too big.</exception>
    public static RegexLanguage Of(
        string pattern, Budget budget, Dictionary<(RegexNode, Before), RegexLanguage>? known = null)
    {
        var rests = known ?? [];
        return RegexParser.Parse(pattern) is var node
            && node is RegexAlternation { Branches: { Count: >= ManyBranches } branches }
            ? OfAny([.. branches.Items.Select(branch => Of(RegexHead.Of(branch), RestOf, budget))], budget)
            : Of(RegexHead.Of(node), RestOf, budget);

        RegexLanguage RestOf(RegexHead head)
        {
            if (!rests.TryGetValue((head.Rest, head.Before), out var rest))
            {
                rests.Add((head.Rest, head.Before), rest = head.CompileRest(budget));
            }

            return rest;
        }
    }

    // A text contains a match of one of them if it contains one at all.
    private static RegexLanguage OfAny(RegexLanguage[] languages, Budget budget)
    {
        var may = Language.Union(languages.Select(l => l.May), budget);
        return languages.All(l => l.IsExact)
            ? new RegexLanguage(may, may, IsExact: true)
            : new RegexLanguage(may, Language.Union(languages.Select(l => l.Must), budget), IsExact: false);
    }

    private static RegexLanguage Of(RegexHead head, Func<RegexHead, RegexLanguage> compileRest, Budget budget)
    {
        var rest = compileRest(head);
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
