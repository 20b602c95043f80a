using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// Which of many paths can have no key in common, as <see cref="CacheKeys.HasOtherKeyThan"/> tells of two: what is the
/// same on many of them is compared once.
/// </summary>
internal sealed class KeyComparison
{
    private readonly IReadOnlyList<SymbolicState> _paths;
    private readonly Solver _solver;
    private readonly Dictionary<object, int> _numbers = [];
    private readonly int[] _shapes;
    private readonly int[][] _parts;
    private readonly int[] _whole;
    private readonly Dictionary<(int, int), bool> _apart = [];
    private readonly Dictionary<(int, int), bool> _partsApart = [];

    public KeyComparison(IReadOnlyList<SymbolicState> paths, Solver solver)
    {
        (_paths, _solver) = (paths, solver);
        _parts = [.. paths.Select(p => p.Key.Select(part => NumberOf(KnownOf(p, part))).ToArray())];
        _shapes = [.. _parts.Select(parts => NumberOf(parts.ToEquatableList()))];
        _whole = [.. paths.Select(p => p.WholeParts(solver))];
        solver.Budget.Spend(_parts.Sum(p => p.Length * 20L));
    }

    /// <summary>Whether no two requests, one of each path, can have the same key.</summary>
    public bool AreApart(int one, int other)
    {
        var shapes = Ordered(_shapes[one], _shapes[other]);
        if (!_apart.TryGetValue(shapes, out var apart))
        {
            _solver.Budget.Spend(5);
            _apart.Add(shapes, apart = Compare(one, other));
        }

        return apart;
    }

    private bool Compare(int one, int other)
    {
        var whole = Math.Min(_whole[one], _whole[other]);
        var (fewer, more) = Ordered(_parts[one].Length, _parts[other].Length);
        if (whole < more)
        {
            return _paths[one].HasOtherKeyThan(_paths[other], _solver);
        }

        return fewer != more || Enumerable.Range(0, fewer).Any(i => ArePartsApart(one, other, i));
    }

    private bool ArePartsApart(int one, int other, int part)
    {
        var parts = Ordered(_parts[one][part], _parts[other][part]);
        if (!_partsApart.TryGetValue(parts, out var apart))
        {
            var (mine, theirs) = (_paths[one].Key[part], _paths[other].Key[part]);
            _partsApart.Add(parts, apart = parts.Item1 != parts.Item2
                && CacheKeys.AreApart(_paths[one], mine, _paths[other], theirs, _solver));
        }

        return apart;
    }

    // A part, and all that is known of what it is made of.
    private static (Text, EquatableList<(Input, InputFacts)>) KnownOf(SymbolicState path, Text part)
    {
        var inputs = part.Taint.ToHashSet();
        return (part, path.PathCondition.Where(p => p.Key.IsFound || inputs.Contains(p.Key))
            .Select(p => (p.Key, p.Value)).ToEquatableList());
    }

    private int NumberOf(object known)
    {
        if (!_numbers.TryGetValue(known, out var number))
        {
            _numbers.Add(known, number = _numbers.Count);
        }

        return number;
    }

    private static (int Less, int More) Ordered(int one, int other) => one < other ? (one, other) : (other, one);
}
