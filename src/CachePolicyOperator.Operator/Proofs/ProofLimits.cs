namespace CachePolicyOperator.Operator.Proofs;

/// <summary>What proofs may take of the process.</summary>
internal sealed record ProofLimits
{
    /// <summary>Memory that a proof needs at most: what its budget allows, measured.</summary>
    public const long BytesOfProof = 512L * 1024 * 1024;

    /// <summary>Memory that is not for proofs: the stores of the informers, the sessions, the runtime itself.</summary>
    public const long BytesOfRest = 256L * 1024 * 1024;

    /// <summary>
    /// How many proofs run at one time; null: as many as processors and memory allow, one processor left to all other
    /// work.
    /// </summary>
    public int? AtOnce { get; init; }

    /// <summary>How many proofs wait, besides the operator's own.</summary>
    public int Waiting { get; init; } = 64;

    /// <summary>How many proofs of one user wait or run.</summary>
    public int WaitingOfUser { get; init; } = 16;

    /// <summary>
    /// How long an admission request waits for its proof; less than the webhook's own budget, for other questions come
    /// after it.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long it then waits for what is told beside its answer: together less than the webhook's budget, for what is
    /// proven is not refused because there was no time to say more of it.
    /// </summary>
    public TimeSpan PatienceAside { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The number of threads on a machine with so many processors and so much memory.</summary>
    public int Threads(int processors, long memory) =>
        AtOnce ?? (int)Math.Clamp(Math.Min(processors - 1, (memory - BytesOfRest) / BytesOfProof), 1, 16);
}
