using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// A condition on a value that is not made part of its language: what maps make of the value, one after the other, is
/// within a set of words. Kept as an automaton that need not be deterministic.
/// </summary>
internal sealed class WordConstraint : IEquatable<WordConstraint>
{
    private WordSet? _values;
    private WordSet? _known;
    private bool _isKnown;
    private Nfa? _automaton;

    public WordConstraint(EquatableList<TextMap> maps, WordSet within) => (Maps, Within) = (maps, within);

    public EquatableList<TextMap> Maps { get; }

    public WordSet Within { get; }

    /// <summary>The values for which the condition holds.</summary>
    public WordSet Values(Budget budget) =>
        _values ??= Maps.Items.Reverse()
            .Aggregate(Within, (words, map) =>
                WordSet.Of(words.ToNfa(budget).PreImage(map.Transducer, budget), budget));

    /// <summary>
    /// The values for which the condition holds, where that is a language of no more states; null otherwise.
    /// </summary>
    // What is cut off a value needs no more states and no less: that a large language is one is known without making
    // it.
    public Language? ValuesUpTo(int states, Budget budget) =>
        (Mark is null || Within.Language?.StateCount <= states) && Known(budget)?.Language is { } small
            && small.StateCount <= states
            ? small : null;

    /// <summary>Whether the condition holds for the value.</summary>
    public bool Accepts(ReadOnlySpan<byte> value, Budget budget) =>
        Mark is not { } mark || value.Contains((byte)'\n')
            ? Made(value, budget) is { } made ? Within.Accepts(made)
                : Known(budget) is { } known ? known.Accepts(value)
                : ChainSearch.Find(Language.Literal(value), [this],
                    budget.Share(work: 300_000, cells: 200_000)) is not null
        : value.IndexOf((byte)mark) is >= 0 and var end ? Within.Accepts(value[..end])
        : Within.Accepts(value);

    // What the maps make of the value; null where that is not one thing.
    private byte[]? Made(ReadOnlySpan<byte> value, Budget budget)
    {
        byte[]? made = value.ToArray();
        foreach (var map in Maps)
        {
            made = map.Made(made, budget);
            if (made is null)
            {
                return null;
            }
        }

        return made;
    }

    public Nfa Automaton(Budget budget) => _automaton ??=
        Mark is { } mark && Within.Language is { } language ? Uncut(language, (byte)mark, budget)
        : Values(budget).ToNfa(budget);

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

    /// <summary>
    /// The byte before whose first place in the value the words stand; null where the condition is another one.
    /// </summary>
    public char? Mark => Maps.Items is [{ CutsAt: var mark }] ? mark : null;

    /// <summary>
    /// The values for which the condition holds; null where they are too many to be made, and are walked.
    /// </summary>
    public WordSet? Known(Budget budget)
    {
        if (!_isKnown)
        {
            try
            {
                _known = Values(Maps.Count > 3 ? budget.Share(work: 200_000, cells: 100_000)
                    : budget.Share(work: 2_000_000, cells: 1_000_000));
            }
            catch (BudgetExceededException) when (!budget.IsSpent)
            {
                _known = null;
            }

            _isKnown = true;
        }

        return _known;
    }

    // Texts that are a word before the mark. Of more lines than one nothing is claimed: a cut may leave them alone.
    private static Nfa Uncut(Language words, byte mark, Budget budget)
    {
        var builder = new NfaBuilder(budget);
        int[] states = [.. Enumerable.Range(0, words.StateCount)
            .Select(s => s == 0 || !words.IsDead(s) ? builder.AddState() : -1)];
        var anything = builder.AddState();
        builder.AddArc(anything, ByteSet.All, anything);
        builder.Accept(anything);
        builder.AddEpsilon(builder.AddStart(), states[0]);
        var (line, other) = (~ByteSet.Of('\n'), ~(ByteSet.Of(mark) | ByteSet.Of('\n')));
        var refused = builder.AddState();
        builder.AddArc(refused, line, refused);
        builder.AddArc(refused, (byte)'\n', anything);
        for (var s = 0; s < states.Length; s++)
        {
            if (states[s] < 0)
            {
                continue;
            }

            var read = ByteSet.Empty;
            foreach (var (set, to) in words.ArcsOf(s))
            {
                builder.AddArc(states[s], set & other, states[to]);
                read |= set;
            }

            builder.AddArc(states[s], other - read, refused);
            builder.AddArc(states[s], (byte)'\n', anything);
            builder.AddArc(states[s], mark, words.IsAccepting(s) ? anything : refused);
            if (words.IsAccepting(s))
            {
                builder.Accept(states[s]);
            }
        }

        return builder.Build();
    }

    public bool Equals(WordConstraint? other) =>
        other is not null && Maps == other.Maps && Equals(Within.Language, other.Within.Language)
        && ReferenceEquals(Within.Automaton, other.Within.Automaton);

    public override bool Equals(object? obj) => Equals(obj as WordConstraint);

    public override int GetHashCode() => HashCode.Combine(Maps, Within.Language);
}
