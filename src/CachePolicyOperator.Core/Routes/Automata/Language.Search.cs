namespace CachePolicyOperator.Core.Routes.Automata;

/// <content>Questions, answered as soon as the answer is known.</content>
internal sealed partial class Language
{
    /// <summary>The shortest word, of several the most natural one; null where there is none.</summary>
    public byte[]? ShortestWord() => Samples(1) is [var word] ? word : null;

    /// <summary>The word of a language that has one; null where it has none or more.</summary>
    public byte[]? OnlyWord(Budget budget) =>
        ShortestWord() is { } word && Literal(word).Includes(this, budget) ? word : null;

    public bool Intersects(Language other, Budget budget) => ShortestCommonWord(other, budget) is not null;

    /// <summary>Every word of <paramref name="other"/> is in this language.</summary>
    public bool Includes(Language other, Budget budget) =>
        other.ShortestPairWord(this, (theirs, mine) => theirs && !mine, budget) is null;

    /// <param name="otherStart">The state of the other that a word is to be accepted from.</param>
    public byte[]? ShortestCommonWord(Language other, Budget budget, int otherStart = 0) =>
        ShortestPairWord(other, (mine, theirs) => mine && theirs, budget, otherStart);

    /// <summary>
    /// A few words, shortest first, that differ in the way the automaton takes and not only in a byte.
    /// </summary>
    public IReadOnlyList<byte[]> Samples(int count)
    {
        var alive = StatesThatReachAcceptance();
        var words = new List<byte[]>();
        var visits = new int[StateCount];
        var trail = new List<(int Parent, byte Byte, int State)>();
        Visit(-1, 0, 0);
        for (var i = 0; i < trail.Count && words.Count < count; i++)
        {
            if (_accepting[trail[i].State])
            {
                words.Add(WordOf(trail, i));
            }

            for (var c = 0; c < _classes.Count; c++)
            {
                Visit(i, _classes.Representative(c), StepClass(trail[i].State, c));
            }
        }

        return words;

        void Visit(int parent, byte b, int state)
        {
            if (alive[state] && visits[state]++ < count)
            {
                trail.Add((parent, b, state));
            }
        }
    }

    private bool[] StatesThatReachAcceptance()
    {
        var sources = new List<int>[StateCount];
        for (var s = 0; s < StateCount; s++)
        {
            for (var c = 0; c < _classes.Count; c++)
            {
                (sources[StepClass(s, c)] ??= []).Add(s);
            }
        }

        var alive = new bool[StateCount];
        var pending = new Stack<int>(Enumerable.Range(0, StateCount).Where(IsAccepting));
        foreach (var s in pending)
        {
            alive[s] = true;
        }

        while (pending.TryPop(out var s))
        {
            foreach (var source in sources[s] ?? [])
            {
                if (!alive[source])
                {
                    alive[source] = true;
                    pending.Push(source);
                }
            }
        }

        return alive;
    }

    private byte[]? ShortestPairWord(Language other, Func<bool, bool, bool> wanted, Budget budget, int otherStart = 0)
    {
        var classes = ByteClasses.Merge(_classes, other._classes);
        var seen = new HashSet<(int, int)> { (0, otherStart) };
        var pairs = new List<(int Mine, int Theirs)> { (0, otherStart) };
        var trail = new List<(int Parent, byte Byte, int State)> { (-1, 0, 0) };
        for (var i = 0; i < pairs.Count; i++)
        {
            if (wanted(_accepting[pairs[i].Mine], other._accepting[pairs[i].Theirs]))
            {
                return WordOf(trail, i);
            }

            budget.Spend(classes.Count);
            for (var c = 0; c < classes.Count; c++)
            {
                var b = classes.Representative(c);

                // A pair is hopeless once this language is dead: every question asked here needs a word of it.
                if (Step(pairs[i].Mine, b) is var mine
                    && !IsDead(mine)
                    && (mine, other.Step(pairs[i].Theirs, b)) is var pair
                    && seen.Add(pair))
                {
                    budget.Store(8);
                    pairs.Add(pair);
                    trail.Add((i, b, 0));
                }
            }
        }

        return null;
    }

    private static byte[] WordOf(List<(int Parent, byte Byte, int State)> trail, int at)
    {
        var word = new List<byte>();
        for (var i = at; trail[i].Parent >= 0; i = trail[i].Parent)
        {
            word.Add(trail[i].Byte);
        }

        word.Reverse();
        return [.. word];
    }
}
