using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// A set of words to compare values with: a <see cref="Routes.Automata.Language"/>, or an automaton that is too large
/// to be made one.
/// </summary>
/// <param name="IsOfPaths">What stands behind a <c>?</c> decides nothing, by the way the automaton was made.</param>
internal readonly record struct WordSet(Language? Language, Nfa? Automaton, bool IsOfPaths = false)
{
    public static implicit operator WordSet(Language language) => new(language, null);

    public static implicit operator WordSet(Nfa automaton) => new(null, automaton);

    /// <summary>The words of an automaton, as a language where that is small.</summary>
    public static WordSet Of(Nfa automaton, Budget budget)
    {
        try
        {
            return Routes.Automata.Language.FromNfa(automaton, budget.Share(work: 400_000, cells: 200_000));
        }
        catch (BudgetExceededException)
        {
            return automaton.Trimmed(budget);
        }
    }

    public bool Accepts(string latin1) => Accepts(System.Text.Encoding.Latin1.GetBytes(latin1));

    public bool Accepts(ReadOnlySpan<byte> word) => Language?.Accepts(word) ?? Automaton!.Accepts(word);

    /// <summary>Whether it has a word of the other language.</summary>
    public bool Intersects(Language other, Budget budget) => Language is { } language
        ? !language.Intersect(other, budget).IsEmpty
        : WordSearch.Find(other, [Automaton!], budget) is not null;

    /// <summary>Whether what stands before the first <c>?</c> decides.</summary>
    public bool PathDecides => IsOfPaths || (Language is { } language && PathBeforeQuery.Decides(language));

    public Nfa ToNfa(Budget budget) => Automaton ?? Nfa.Of(Language!, budget);
}
