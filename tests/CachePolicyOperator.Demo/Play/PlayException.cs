namespace CachePolicyOperator.Demo.Play;

/// <summary>The play did not go as it should: something is broken, and the message says what was seen.</summary>
internal sealed class PlayException(string message) : Exception(message);
