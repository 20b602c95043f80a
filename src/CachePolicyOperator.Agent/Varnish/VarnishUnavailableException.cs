namespace CachePolicyOperator.Agent.Varnish;

/// <summary>
/// varnishd could not be asked: no connection, a broken one, no answer in time, or no authentication.
/// </summary>
internal sealed class VarnishUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
