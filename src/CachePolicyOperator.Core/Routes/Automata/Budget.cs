namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>
/// What an automaton operation may cost: units of work (time) and stored cells (memory). Counted, not timed, so that the
/// same input gives the same answer on every machine. One budget serves one thread.
/// </summary>
internal sealed class Budget(long work, long cells, Budget? parent = null)
{
    private long _work = work;
    private long _cells = cells;

    /// <summary>For a whole proof: below 2 s and 500 MB on the machines we measured.</summary>
    public static Budget ForProof() => new(work: 24_000_000, cells: 12_000_000);

    /// <summary>For one pattern or a small language.</summary>
    public static Budget ForPattern() => new(work: 8_000_000, cells: 2_000_000);

    /// <summary>A share of this budget: what the share spends, this budget spends too.</summary>
    public Budget Share(long work, long cells) => new(work, cells, this);

    /// <summary>For one pattern, out of this budget.</summary>
    public Budget SharePattern() => Share(8_000_000, 2_000_000);

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
}
