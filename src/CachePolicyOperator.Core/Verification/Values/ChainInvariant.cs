using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// Shows without a walk through a whole chain that no value of a language meets a condition: where each map of the
/// chain makes of the words of the language words of it again, the last one does, and the condition asks for others;
/// and where two conditions ask for different things of what the same chain makes.
/// </summary>
internal static class ChainInvariant
{
    /// <summary>Whether it is shown so that no word of the language meets one of the conditions.</summary>
    public static bool Refuses(Language words, IReadOnlyList<WordConstraint> conditions, Budget budget) =>
        conditions.Where((c, i) => conditions.Take(i)
            .Any(o => o.Maps == c.Maps && AreApart(o.Within, c.Within, budget))).Any()
        || conditions.Any(c => c.Maps.Count > 0 && c.Within.Language is { } wanted
            && words.Intersect(wanted, budget).IsEmpty
            && c.Maps.Items.Distinct().All(map => Keeps(map, words, budget)));

    private static bool AreApart(WordSet one, WordSet other, Budget budget) =>
        one.Language is { } language ? !other.Intersects(language, budget)
        : other.Language is { } words && !one.Intersects(words, budget);

    private static bool Keeps(TextMap map, Language words, Budget budget) => budget.Remember(
        (nameof(ChainInvariant), map, words), () =>
            new Answer(ChainSearch.Find(words, [new WordConstraint([map], words.Complement())], budget) is null)).Holds;

    private sealed record Answer(bool Holds);
}
