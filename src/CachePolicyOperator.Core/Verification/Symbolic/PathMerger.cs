namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>
/// Makes one path of several that hold the same: where they differ in what is known of one input, the union is exact.
/// Keeps a VCL of many independent conditions from having exponentially many paths.
/// </summary>
internal sealed class PathMerger(InputSpace space)
{
    /// <summary>More paths than this at one place are given up.</summary>
    private const int MaxPaths = 5_000;

    public IReadOnlyList<PathState> Merge(IReadOnlyCollection<PathState> states)
    {
        if (states.Count < 2)
        {
            return [.. states];
        }

        var merged = new List<PathState>();
        foreach (var group in states.GroupBy(s => s.HoldingHash()))
        {
            var kept = new List<PathState>();
            foreach (var state in group)
            {
                AddTo(kept, state);
            }

            merged.AddRange(kept);
        }

        space.Budget.Spend(merged.Count * 100L);
        return merged.Count <= MaxPaths
            ? merged
            : throw new Routes.Automata.BudgetExceededException("the VCL has more ways through it than a proof may follow");
    }

    private void AddTo(List<PathState> kept, PathState state)
    {
        for (var again = true; again;)
        {
            again = false;
            for (var i = 0; i < kept.Count; i++)
            {
                if (kept[i].HoldsTheSameAs(state) && Join(kept[i], state) is { } joined)
                {
                    kept.RemoveAt(i);
                    (state, again) = (joined, true);
                    break;
                }
            }
        }

        kept.Add(state);
    }

    private PathState? Join(PathState one, PathState other)
    {
        var differing = one.Known.Keys.Union(other.Known.Keys)
            .Where(input => !space.Of(one, input).Equals(space.Of(other, input)))
            .Take(2).ToArray();
        var known = one.Known;
        if (differing is [var only])
        {
            if (space.Of(one, only).Union(space.Of(other, only), space.Budget) is not { } facts)
            {
                return null;
            }

            known = known.SetItem(only, facts);
        }
        else if (differing.Length > 1)
        {
            return null;
        }

        return one with
        {
            Known = known,
            Assumed = one.Assumed.RemoveRange(one.Assumed.Where(a => !other.Assumed.TryGetValue(a.Key, out var v) || v != a.Value).Select(a => a.Key)),
            Widened = one.Widened ?? other.Widened,
            Unknowns = Math.Max(one.Unknowns, other.Unknowns),
        };
    }
}
