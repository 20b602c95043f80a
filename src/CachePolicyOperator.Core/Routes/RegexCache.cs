using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Routes;

/// <summary>
/// Compiles each regular expression of one proof once, out of the budget of that proof; those that differ in their
/// literal beginnings only, once together.
/// </summary>
internal sealed class RegexCache(Budget budget)
{
    /// <summary>
    /// What compiling takes before the first state is counted: thousands of small patterns are not free.
    /// </summary>
    private const int WorkOfOne = 2_000;

    private readonly Dictionary<string, RegexRoute> _routes = new(StringComparer.Ordinal);
    private readonly Dictionary<(RegexNode Node, Before Before), RegexLanguage> _rests = [];

    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    /// <exception cref="BudgetExceededException">The automaton would be too big.</exception>
    public RegexRoute this[string pattern]
    {
        get
        {
            if (!_routes.TryGetValue(pattern, out var route))
            {
                _routes.Add(pattern, route = Compile(RegexHead.Of(pattern)));
            }

            return route;
        }
    }

    private RegexRoute Compile(RegexHead head)
    {
        var key = (head.Rest, head.Before);
        if (!_rests.TryGetValue(key, out var rest))
        {
            budget.Spend(WorkOfOne);
            _rests.Add(key, rest = head.CompileRest(budget.SharePattern()));
        }

        return new RegexRoute(head.Literal, rest);
    }
}

/// <summary>
/// The paths that a regular expression matches: those that begin with a literal and go on with a word of a language.
/// </summary>
internal sealed record RegexRoute(byte[] Literal, RegexLanguage Rest)
{
    /// <summary>The shortest of the paths that may match and are in a language; null where there is none.</summary>
    public byte[]? ShortestWordIn(Language paths, Budget budget)
    {
        var state = 0;
        foreach (var b in Literal)
        {
            state = paths.Step(state, b);
        }

        return paths.IsDead(state) || Rest.May.ShortestCommonWord(paths, budget, state) is not { } rest
            ? null
            : [.. Literal, .. rest];
    }
}
