namespace CachePolicyOperator.TestCluster;

/// <summary>Something else took the port between our choice and the program's start; another try helps.</summary>
internal sealed class PortTakenException(string log) : HopelessException($"a port was taken meanwhile:\n{log}");
