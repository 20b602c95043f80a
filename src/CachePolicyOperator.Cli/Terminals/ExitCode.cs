namespace CachePolicyOperator.Cli.Terminals;

/// <summary>What the exit code of a command says; the same for all commands.</summary>
internal static class ExitCode
{
    /// <summary>Proven, or done, or all is well.</summary>
    public const int Success = 0;

    /// <summary>Refuted or unknown, or the cluster refused.</summary>
    public const int Refused = 1;

    /// <summary>The command line or an input could not be read.</summary>
    public const int Unusable = 2;

    /// <summary>A change makes something cacheable.</summary>
    public const int NewlyCacheable = 3;

    /// <summary>A witness did not leak in varnishd: a mistake of the verifier.</summary>
    public const int DidNotLeak = 4;

    /// <summary>What was ordered or waited for did not come in time.</summary>
    public const int Unanswered = 5;

    /// <summary>varnishd would not load the VCL, so there is nothing to judge.</summary>
    public const int Invalid = 6;

    /// <summary>Stopped by Ctrl-C, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>Every code with its meaning, for people.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Success, "proven, done, or all is well"),
        (Refused, "refuted or unknown; refused by the cluster, or it does not answer; `doctor` found something"),
        (Unusable, "bad usage, unreadable input, no cluster configured, no varnishd to replay with"),
        (NewlyCacheable, "`diff`: something became cacheable"),
        (DidNotLeak, "`verify --replay`: a replayed witness did not leak, a bug of the verifier: please report it"),
        (Unanswered, "`fallback`, `return`, `review`, `purge`, `wait`: not in time; what was ordered stays ordered"),
        (Invalid, "`--vcl`, `diff`: varnishd would not load the VCL, so there is nothing to judge"),
        (Interrupted, "stopped by Ctrl-C"),
    ];
}
