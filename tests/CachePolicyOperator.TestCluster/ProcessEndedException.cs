namespace CachePolicyOperator.TestCluster;

/// <summary>A program ended before it did what was waited for; the message has the end of its log.</summary>
public sealed class ProcessEndedException(string name, int exitCode, string log)
    : HopelessException($"{name} ended with exit code {exitCode}:\n{log}");
