namespace CachePolicyOperator.Cli.Replay;

/// <summary>varnishd does not run the VCL; the message is its own.</summary>
internal sealed class VarnishRefusedException(string message) : Exception(message);
