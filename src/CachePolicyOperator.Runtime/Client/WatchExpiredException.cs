namespace CachePolicyOperator.Runtime.Client;

/// <summary>
/// The place in history from which a list or watch was to go on is gone or makes no sense: list again.
/// </summary>
public sealed class WatchExpiredException(string message, Exception? inner = null) : Exception(message, inner);
