namespace CachePolicyOperator.Bench.Measuring;

/// <summary>How often a part is run: some times unmeasured after the first run, then measured.</summary>
internal sealed record Plan(int WarmUps, int Runs)
{
    /// <summary>
    /// Past the runs that are slow because the code is new. Beside those that count, the compiler goes on to remake
    /// what runs often; it is done after a hundred runs or so, and later on a busy machine.
    /// </summary>
    public static Plan Warm { get; } = new(WarmUps: 9, Runs: 15);

    /// <summary>What takes so long that compiling it does not matter; the one run is the first.</summary>
    public static Plan Once { get; } = new(WarmUps: 0, Runs: 0);
}
