using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// Merges states that hold the same: where their path conditions differ in one input, the union is exact.
/// Keeps a VCL of many independent conditions from having exponentially many paths.
/// </summary>
internal sealed class StateMerger(Solver solver)
{
    /// <summary>More paths than this at one place are given up.</summary>
    private const int MaxPaths = 5_000;

    public IReadOnlyList<SymbolicState> Merge(IReadOnlyCollection<SymbolicState> states)
    {
        if (states.Count < 2)
        {
            return [.. states];
        }

        solver.Budget.Spend(states.Sum(s => s.Fields.Count * 4L));
        var merged = new List<SymbolicState>();
        foreach (var group in states.GroupBy(s => s.OutlineHash()))
        {
            var kept = new List<SymbolicState>();
            foreach (var state in group)
            {
                AddTo(kept, state);
            }

            merged.AddRange(kept);
        }

        solver.Budget.Spend(merged.Count * 100L);
        return merged.Count <= MaxPaths
            ? merged
            : throw new Routes.Automata.BudgetExceededException(
                "the VCL has more ways through it than a proof may follow");
    }

    private void AddTo(List<SymbolicState> kept, SymbolicState state)
    {
        for (var again = true; again;)
        {
            again = false;
            for (var i = 0; i < kept.Count; i++)
            {
                solver.Budget.Spend(50);
                if (Aligned(kept[i], state) is var (one, other) && Join(one, other) is { } joined)
                {
                    kept.RemoveAt(i);
                    (state, again) = (joined, true);
                    break;
                }
            }
        }

        kept.Add(state);
    }

    /// <summary>
    /// The two paths, written so that their variables hold the same; null where they do not. A path that went round a
    /// rewrite, because there was nothing to rewrite, holds what the rewrite would have made; and a field that did not
    /// come is no other than one that was removed.
    /// </summary>
    private (SymbolicState One, SymbolicState Other)? Aligned(SymbolicState one, SymbolicState other)
    {
        if (one.HoldsTheSameAs(other))
        {
            return (one, other);
        }

        foreach (var name in one.Fields.DifferingFrom(other.Fields))
        {
            if (one.Fields.GetValueOrDefault(name) is AbsentField && IsMissing(other, name))
            {
                other = other.With(name, Field.Absent);
            }
            else if (other.Fields.GetValueOrDefault(name) is AbsentField && IsMissing(one, name))
            {
                one = one.With(name, Field.Absent);
            }
            else
            {
                return null;
            }
        }

        foreach (var variable in one.Strings.Keys.Union(other.Strings.Keys))
        {
            var (mine, theirs) = (one.TextOf(variable), other.TextOf(variable));
            if (mine.Equals(theirs))
            {
                // Not written on one of the paths, and written with its own value on the other.
                (one, other) = (one.With(variable, mine), other.With(variable, theirs));
            }
            else if (IsUnchangedBy(one, mine, theirs))
            {
                one = one.With(variable, theirs);
            }
            else if (IsUnchangedBy(other, theirs, mine))
            {
                other = other.With(variable, mine);
            }
            else
            {
                return null;
            }
        }

        return one.HoldsTheSameAs(other) ? (one, other) : null;
    }

    private bool IsMissing(SymbolicState state, Input field) =>
        state.FieldOf(field) is InputField input && !solver.Of(state, input.Input).MayBePresent;

    // Whether the rewritten value is maps of the value that change nothing on the path.
    private bool IsUnchangedBy(SymbolicState state, Text value, Text rewritten) =>
        value.Equals(rewritten)
        || (rewritten is MappedText { Map.Unchanged: { } unchanged } mapped
            && IsUnchangedBy(state, value, mapped.Source)
            && solver.Within(state, value, unchanged.Complement()) is null);

    private SymbolicState? Join(SymbolicState one, SymbolicState other)
    {
        Input[] unlike = [.. one.PathCondition.DifferingFrom(other.PathCondition)
            .Where(input => !solver.Of(one, input).Equals(solver.Of(other, input)))];
        Input[] differing = [.. unlike.Where(input => !input.IsFound)];
        var known = one.PathCondition;
        if (differing is [var only])
        {
            if (solver.Of(one, only).Union(solver.Of(other, only), solver.Budget) is not { } facts)
            {
                return null;
            }

            known = known.SetItem(only, facts);
        }
        else if (differing.Length > 1)
        {
            return null;
        }

        // What was found of values is more then than it was on either way.
        foreach (var found in unlike.Where(i => i.IsFound))
        {
            known = solver.Of(one, found).Union(solver.Of(other, found), solver.Budget) is { } either
                ? known.SetItem(found, either) : known.Remove(found);
        }

        // What was assumed on one way only is forgotten, and with it that the input went with it.
        var assumed = one.Assumed.RemoveRange(one.Assumed.DifferingFrom(other.Assumed));
        return one with
        {
            PathCondition = known,
            Assumed = assumed,
            ImplicitInputs = one.ImplicitInputs.Union(other.ImplicitInputs)
                .Union(assumed.Count < Math.Max(one.Assumed.Count, other.Assumed.Count) ? differing : []),
            Approximation = one.Approximation ?? other.Approximation,
            Unknowns = Math.Max(one.Unknowns, other.Unknowns),
        };
    }
}
