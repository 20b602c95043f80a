namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>Hopcroft's partition refinement: which states of a complete automaton accept the same words.</summary>
internal sealed class Minimizer
{
    private readonly int _states;
    private readonly int _classes;
    private readonly int[] _elements;
    private readonly int[] _place;
    private readonly int[] _block;
    private readonly List<int> _begin = [];
    private readonly List<int> _end = [];
    private readonly List<int> _marked = [];

    private Minimizer(int states, int classes)
    {
        (_states, _classes) = (states, classes);
        _elements = new int[states];
        _place = new int[states];
        _block = new int[states];
    }

    /// <summary>The number of the block of each state, and how many blocks there are.</summary>
    public static (int[] Block, int Count) Refine(int classes, int[] next, bool[] accepting, Budget budget)
    {
        var states = accepting.Length;
        budget.Store((long)states * classes);
        budget.Spend((long)states * classes);
        var minimizer = new Minimizer(states, classes);
        minimizer.SplitByAcceptance(accepting);
        minimizer.SplitBySuccessors(next, budget);
        return (minimizer._block, minimizer._begin.Count);
    }

    private void SplitByAcceptance(bool[] accepting)
    {
        var place = 0;
        foreach (var wanted in new[] { true, false })
        {
            var begin = place;
            for (var s = 0; s < _states; s++)
            {
                if (accepting[s] == wanted)
                {
                    _elements[place] = s;
                    _place[s] = place++;
                    _block[s] = _begin.Count;
                }
            }

            if (place > begin)
            {
                AddBlock(begin, place);
            }
        }
    }

    private void SplitBySuccessors(int[] next, Budget budget)
    {
        var (first, sources) = Invert(next);
        var pending = new Stack<int>();
        var isPending = new bool[_states];
        for (var b = 0; b < _begin.Count; b++)
        {
            pending.Push(b);
            isPending[b] = true;
        }

        var splitter = new List<int>();
        var touched = new List<int>();
        while (pending.TryPop(out var block))
        {
            isPending[block] = false;
            splitter.Clear();
            splitter.AddRange(_elements.AsSpan(_begin[block].._end[block]));
            for (var c = 0; c < _classes; c++)
            {
                var marks = splitter.Count;
                foreach (var target in splitter)
                {
                    var at = (c * (_states + 1)) + target;
                    marks += first[at + 1] - first[at];
                    for (var i = first[at]; i < first[at + 1]; i++)
                    {
                        Mark(sources[(c * _states) + i], touched);
                    }
                }

                budget.Spend(marks);

                foreach (var split in touched)
                {
                    if (SplitOffMarked(split) is { } added && !isPending[added])
                    {
                        pending.Push(added);
                        isPending[added] = true;
                    }
                }

                touched.Clear();
            }
        }
    }

    private (int[] First, int[] Sources) Invert(int[] next)
    {
        var first = new int[_classes * (_states + 1)];
        var sources = new int[_classes * _states];
        for (var c = 0; c < _classes; c++)
        {
            var row = c * (_states + 1);
            for (var s = 0; s < _states; s++)
            {
                first[row + next[(s * _classes) + c] + 1]++;
            }

            for (var s = 0; s < _states; s++)
            {
                first[row + s + 1] += first[row + s];
            }

            var free = first.AsSpan(row, _states).ToArray();
            for (var s = 0; s < _states; s++)
            {
                sources[(c * _states) + free[next[(s * _classes) + c]]++] = s;
            }
        }

        return (first, sources);
    }

    private void Mark(int state, List<int> touched)
    {
        var block = _block[state];
        var boundary = _begin[block] + _marked[block];
        if (_place[state] < boundary)
        {
            return;
        }

        if (_marked[block]++ == 0)
        {
            touched.Add(block);
        }

        var other = _elements[boundary];
        (_elements[boundary], _elements[_place[state]]) = (state, other);
        (_place[other], _place[state]) = (_place[state], boundary);
    }

    /// <summary>
    /// Splits a block into its marked states and the rest; the smaller half becomes the new block and is handed back.
    /// </summary>
    /// <remarks>
    /// If the split block still waits as a splitter, the other half stays waiting under its old number, so that both
    /// do.
    /// </remarks>
    private int? SplitOffMarked(int block)
    {
        var marked = _marked[block];
        _marked[block] = 0;
        var (begin, end) = (_begin[block], _end[block]);
        if (marked == end - begin)
        {
            return null;
        }

        var boundary = begin + marked;
        int added;
        if (marked <= end - boundary)
        {
            _begin[block] = boundary;
            added = AddBlock(begin, boundary);
        }
        else
        {
            _end[block] = boundary;
            added = AddBlock(boundary, end);
        }

        for (var i = _begin[added]; i < _end[added]; i++)
        {
            _block[_elements[i]] = added;
        }

        return added;
    }

    private int AddBlock(int begin, int end)
    {
        _begin.Add(begin);
        _end.Add(end);
        _marked.Add(0);
        return _begin.Count - 1;
    }
}
