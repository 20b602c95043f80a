using System.Runtime.CompilerServices;

namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>
/// What an automaton operation may cost: units of work (time) and stored cells (memory). Counted, not timed, so that
/// the same input gives the same answer on every machine. One budget serves one thread.
/// </summary>
internal sealed class Budget(long work, long cells, Budget? parent = null)
{
    private readonly Dictionary<(LanguageOperation, Language, Language), Language>? _known = parent is null
        ? new(SameObjects.Instance)
        : null;
    private readonly Dictionary<Language, Language>? _objects = parent is null ? [] : null;
    private readonly Dictionary<object, object?>? _results = parent is null ? [] : null;
    private long _work = work;
    private long _cells = cells;

    /// <summary>For a whole proof: below 4 s and 500 MB on the machines we measured.</summary>
    public static Budget ForProof() => new(work: 40_000_000, cells: 20_000_000);

    /// <summary>For all requests that are tried beside a proof: as much as that may take.</summary>
    public static Budget ForTries() => ForProof();

    /// <summary>For all edits of a refuted VCL that are tried: about as long as one proof of an ordinary one.</summary>
    public static Budget ForEdits() => new(work: 12_000_000, cells: 6_000_000);

    /// <summary>For one pattern or a small language.</summary>
    public static Budget ForPattern() => new(work: 8_000_000, cells: 2_000_000);

    /// <summary>A share of this budget: what the share spends, this budget spends too.</summary>
    public Budget Share(long work, long cells) => new(work, cells, this);

    /// <summary>For one pattern, out of this budget.</summary>
    public Budget SharePattern() => Share(8_000_000, 2_000_000);

    /// <summary>Whether the next step is one too many.</summary>
    public bool IsSpent => _work <= 0 || _cells <= 0;

    public void Spend(long work)
    {
        if ((_work -= work) < 0)
        {
            throw new BudgetExceededException("it takes more steps than a proof may take");
        }

        parent?.Spend(work);
    }

    /// <summary>Accounts for memory, in cells of about eight bytes, that lives as long as the operation.</summary>
    public void Store(long cells)
    {
        if ((_cells -= cells) < 0)
        {
            throw new BudgetExceededException("it takes more states than a proof may hold");
        }

        parent?.Store(cells);
    }

    /// <summary>
    /// The result of an operation, computed once for the same two languages under one budget: paths of a VCL ask the
    /// same again and again.
    /// </summary>
    public Language Remember(LanguageOperation operation, Language left, Language right, Func<Language> compute)
    {
        if (parent is not null)
        {
            return parent.Remember(operation, left, right, compute);
        }

        if (!_known!.TryGetValue((operation, left, right), out var result))
        {
            var (one, other) = (Same(left), Same(right));
            if ((ReferenceEquals(one, left) && ReferenceEquals(other, right))
                || !_known.TryGetValue((operation, one, other), out result))
            {
                result = Same(compute());
            }

            if (_known.Count < MaxKnown)
            {
                _known.TryAdd((operation, one, other), result);
                _known.TryAdd((operation, left, right), result);
            }
        }

        return result;
    }

    /// <summary>
    /// The result of a computation, done once for equal keys under one budget. A key names the computation, and all
    /// that it looks at.
    /// </summary>
    public T Remember<T>(object key, Func<T> compute)
    {
        if (parent is not null)
        {
            return parent.Remember(key, compute);
        }

        if (!_results!.TryGetValue(key, out var result))
        {
            result = compute();
            if (_results.Count < MaxKnown)
            {
                _results.TryAdd(key, result);
            }
        }

        return (T)result!;
    }

    // One object for equal languages.
    private Language Same(Language language)
    {
        if (!_objects!.TryGetValue(language, out var known) && _objects.Count < MaxKnown)
        {
            _objects.Add(language, known = language);
        }

        return known ?? language;
    }

    private const int MaxKnown = 50_000;

    private sealed class SameObjects : IEqualityComparer<(LanguageOperation Operation, Language Left, Language Right)>
    {
        public static SameObjects Instance { get; } = new();

        public bool Equals((LanguageOperation Operation, Language Left, Language Right) x,
            (LanguageOperation Operation, Language Left, Language Right) y) =>
            x.Operation == y.Operation && ReferenceEquals(x.Left, y.Left) && ReferenceEquals(x.Right, y.Right);

        public int GetHashCode((LanguageOperation Operation, Language Left, Language Right) key) =>
            HashCode.Combine(
                key.Operation, RuntimeHelpers.GetHashCode(key.Left), RuntimeHelpers.GetHashCode(key.Right));
    }
}

/// <summary>The operations whose results a <see cref="Budget"/> remembers.</summary>
internal enum LanguageOperation
{
    Union,
    Intersect,
}
