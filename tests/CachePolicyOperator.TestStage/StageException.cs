namespace CachePolicyOperator.TestStage;

/// <summary>Something on the stage did not go as it should: it is broken, and the message says what was seen.</summary>
public sealed class StageException(string message) : Exception(message);
