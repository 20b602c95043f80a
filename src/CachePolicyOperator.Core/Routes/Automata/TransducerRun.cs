namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>Walks a <see cref="Transducer"/> over one word.</summary>
internal static class TransducerRun
{
    /// <summary>
    /// What the machine makes of the word, where there is one way through it alone; null where there is none, or more
    /// than one.
    /// </summary>
    /// <exception cref="BudgetExceededException">The walk is longer than the budget.</exception>
    public static byte[]? Of(Transducer machine, ReadOnlySpan<byte> word, Budget budget)
    {
        var reached = Reached(machine, word, budget);
        var alive = Alive(machine, word, reached);
        var (state, written) = (Transducer.Start, new List<byte>(word.Length));
        if (!alive[0].Contains(state))
        {
            return null;
        }

        for (var at = 0; ;)
        {
            TransducerArc? way = null;
            foreach (var arc in machine.ArcsOf(state))
            {
                if (Leads(arc, word, at, alive))
                {
                    if (way is not null)
                    {
                        return null;
                    }

                    way = arc;
                }
            }

            var ends = at == word.Length && machine.IsAccepting(state);
            if (way is not { } only)
            {
                return ends ? [.. written] : null;
            }

            if (ends || only.WritesAny || written.Count > MaxLength)
            {
                return null;
            }

            if (only.Output != Transducer.Nothing)
            {
                written.Add(only.Output == Transducer.Copy ? word[at] : (byte)only.Output);
            }

            (state, at) = (only.To, only.ReadsNothing ? at : at + 1);
        }
    }

    // A machine that writes for ever without reading has more ways than one, or this many bytes.
    private const int MaxLength = 1_000_000;

    private static HashSet<int>[] Reached(Transducer machine, ReadOnlySpan<byte> word, Budget budget)
    {
        var reached = new HashSet<int>[word.Length + 1];
        reached[0] = [Transducer.Start];
        for (var at = 0; at <= word.Length; at++)
        {
            var next = at < word.Length ? reached[at + 1] = [] : null;
            var pending = new Stack<int>(reached[at]);
            while (pending.TryPop(out var state))
            {
                foreach (var arc in machine.ArcsOf(state))
                {
                    budget.Spend(1);
                    if (arc.ReadsNothing)
                    {
                        if (reached[at].Add(arc.To))
                        {
                            pending.Push(arc.To);
                        }
                    }
                    else if (next is not null && arc.Input.Contains(word[at]))
                    {
                        next.Add(arc.To);
                    }
                }
            }
        }

        return reached;
    }

    // Of the states that are reached at a place, those from which the end of the word is.
    private static HashSet<int>[] Alive(Transducer machine, ReadOnlySpan<byte> word, HashSet<int>[] reached)
    {
        var alive = new HashSet<int>[word.Length + 1];
        for (var at = word.Length; at >= 0; at--)
        {
            alive[at] = [];
            for (var grows = true; grows;)
            {
                grows = false;
                foreach (var state in reached[at])
                {
                    if (alive[at].Contains(state))
                    {
                        continue;
                    }

                    var lives = at == word.Length && machine.IsAccepting(state);
                    foreach (var arc in machine.ArcsOf(state))
                    {
                        lives = lives || Leads(arc, word, at, alive);
                    }

                    grows |= lives && alive[at].Add(state);
                }
            }
        }

        return alive;
    }

    private static bool Leads(TransducerArc arc, ReadOnlySpan<byte> word, int at, HashSet<int>[] alive) =>
        arc.ReadsNothing ? alive[at].Contains(arc.To)
        : at < word.Length && arc.Input.Contains(word[at]) && alive[at + 1].Contains(arc.To);
}
