namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>
/// Looks for a word that several automata accept, by walking them in step. Nothing is determinised and nothing is built
/// that the search does not reach, so it answers where an automaton of the intersection would be too large.
/// </summary>
internal static class WordSearch
{
    /// <summary>
    /// A word of the language that every automaton accepts, a short one first; null where there is none.
    /// </summary>
    /// <exception cref="BudgetExceededException">The search is longer than the budget.</exception>
    public static byte[]? Find(Language language, IReadOnlyList<Nfa> others, Budget budget)
    {
        var alive = others.Select(o => o.Alive()).ToArray();
        var numbers = new HashSet<int[]>(ArrayComparer<int>.Instance);
        var trail = new List<(int[] States, int Parent, int Value)>();
        foreach (var starts in Starts(others))
        {
            Visit([0, .. starts], -1, -1);
        }

        for (var i = 0; i < trail.Count; i++)
        {
            var states = trail[i].States;
            if (language.IsAccepting(states[0])
                && Enumerable.Range(0, others.Count).All(k => others[k].IsAccepting(states[k + 1])))
            {
                return WordOf(trail, i);
            }

            for (var k = 0; k < others.Count; k++)
            {
                foreach (var arc in others[k].ArcsOf(states[k + 1]))
                {
                    if (arc.Set == Nfa.Epsilon && alive[k][arc.To])
                    {
                        int[] next = [.. states];
                        next[k + 1] = arc.To;
                        Visit(next, i, -1);
                    }
                }
            }

            foreach (var (set, to) in language.ArcsOf(states[0]))
            {
                Walk(i, 0, set, [to, .. states.AsSpan(1)]);
            }
        }

        return null;

        // Moves the automata from the k-th on by a byte of the set.
        void Walk(int parent, int k, ByteSet set, int[] states)
        {
            if (k == others.Count)
            {
                Visit([.. states], parent, Natural(set));
                return;
            }

            var here = states[k + 1];
            foreach (var arc in others[k].ArcsOf(here))
            {
                budget.Spend(1);
                if (arc.Set != Nfa.Epsilon
                    && alive[k][arc.To]
                    && (others[k].Sets[arc.Set] & set) is { IsEmpty: false } both)
                {
                    states[k + 1] = arc.To;
                    Walk(parent, k + 1, both, states);
                }
            }

            states[k + 1] = here;
        }

        void Visit(int[] states, int parent, int value)
        {
            if (numbers.Add(states))
            {
                budget.Spend(4);
                budget.Store(states.Length + 6);
                trail.Add((states, parent, value));
            }
        }
    }

    private static IEnumerable<int[]> Starts(IReadOnlyList<Nfa> automata)
    {
        IEnumerable<int[]> starts = [[]];
        foreach (var automaton in automata)
        {
            int[] own = automaton.Starts.ToArray();
            starts = starts.SelectMany(s => own.Select(o => (int[])[.. s, o]));
        }

        return [.. starts];
    }

    /// <summary>The byte of a set that people would write.</summary>
    public static byte Natural(ByteSet set)
    {
        foreach (var preferred in new[] { ByteSet.Lower, ByteSet.Digits, ByteSet.Of("/-._~"), ByteSet.Upper })
        {
            foreach (var value in set & preferred)
            {
                return value;
            }
        }

        return set.First();
    }

    private static byte[] WordOf(List<(int[] States, int Parent, int Value)> trail, int at)
    {
        var word = new List<byte>();
        for (var i = at; i >= 0; i = trail[i].Parent)
        {
            if (trail[i].Value >= 0)
            {
                word.Add((byte)trail[i].Value);
            }
        }

        word.Reverse();
        return [.. word];
    }
}
