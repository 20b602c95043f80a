namespace CachePolicyOperator.Cli.Terminals;

/// <summary>What the exit code of a command says.</summary>
internal static class ExitCode
{
    /// <summary>Proven, or done.</summary>
    public const int Success = 0;

    /// <summary>Refuted or unknown, or the cluster refused.</summary>
    public const int Refused = 1;

    /// <summary>The command line or an input could not be read.</summary>
    public const int Unusable = 2;

    /// <summary>A change makes something cacheable.</summary>
    public const int NewlyCacheable = 3;

    /// <summary>A witness did not leak in varnishd: a mistake of the verifier.</summary>
    public const int DidNotLeak = 4;

    /// <summary>What was ordered was not answered in time; it stays ordered.</summary>
    public const int Unanswered = 5;

    /// <summary>Stopped by Ctrl-C, as shells have it.</summary>
    public const int Interrupted = 130;
}
