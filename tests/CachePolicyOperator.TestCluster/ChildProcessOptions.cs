namespace CachePolicyOperator.TestCluster;

/// <summary>What to run: a program with its arguments, its environment and the file that keeps what it says.</summary>
public sealed record ChildProcessOptions(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables to set; null as a value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Start with none of the parent's variables but PATH.</summary>
    public bool CleanEnvironment { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>A file that gets every line of both outputs; the newest lines are in memory in any case.</summary>
    public string? LogFile { get; init; }

    /// <summary>How long a polite end may take before the process is killed; zero kills at once.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
}
