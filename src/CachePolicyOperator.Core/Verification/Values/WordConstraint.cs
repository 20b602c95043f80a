using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// A condition on a value that is not made part of its language: what maps make of the value, one after the other, is
/// within a set of words. Kept as an automaton that need not be deterministic.
/// </summary>
internal sealed class WordConstraint : IEquatable<WordConstraint>
{
    private WordSet? _values;
    private Nfa? _automaton;

    public WordConstraint(EquatableList<TextMap> maps, WordSet within) => (Maps, Within) = (maps, within);

    public EquatableList<TextMap> Maps { get; }

    public WordSet Within { get; }

    /// <summary>The values for which the condition holds.</summary>
    public WordSet Values(Budget budget) =>
        _values ??= Maps.Items.Reverse()
            .Aggregate(Within, (words, map) =>
                WordSet.Of(words.ToNfa(budget).PreImage(map.Transducer, budget), budget));

    public Nfa Automaton(Budget budget) => _automaton ??= Values(budget).ToNfa(budget);

    /// <summary>Both conditions as one; null where they are about different things.</summary>
    public WordConstraint? And(WordConstraint other, Budget budget) =>
        Maps == other.Maps && Within.Language is { } mine && other.Within.Language is { } theirs
            ? budget.Remember((nameof(And), this, other), () =>
                new WordConstraint(Maps, mine.Intersect(theirs, budget)))
            : null;

    /// <summary>Either of the conditions as one; null where they are about different things.</summary>
    public WordConstraint? Or(WordConstraint other, Budget budget) =>
        Maps == other.Maps && Within.Language is { } mine && other.Within.Language is { } theirs
            ? budget.Remember((nameof(Or), this, other), () => new WordConstraint(Maps, mine.Union(theirs, budget)))
            : null;

    public bool Equals(WordConstraint? other) =>
        other is not null && Maps == other.Maps && Equals(Within.Language, other.Within.Language)
        && ReferenceEquals(Within.Automaton, other.Within.Automaton);

    public override bool Equals(object? obj) => Equals(obj as WordConstraint);

    public override int GetHashCode() => HashCode.Combine(Maps, Within.Language);
}
