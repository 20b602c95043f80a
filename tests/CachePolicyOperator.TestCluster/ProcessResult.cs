namespace CachePolicyOperator.TestCluster;

/// <summary>How a program ended and what it said.</summary>
public sealed record ProcessResult(int ExitCode, IReadOnlyList<string> Lines)
{
    public string Text => string.Join('\n', Lines);
}
