namespace CachePolicyOperator.TestCluster;

/// <summary>What is waited for cannot come any more: <see cref="Eventually"/> stops asking.</summary>
public class HopelessException(string message) : Exception(message);
