namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>What became of a client request in varnishd.</summary>
internal enum Outcome
{
    /// <summary>Its end was seen, and none of the others.</summary>
    Other,

    /// <summary>Answered with an object out of the cache.</summary>
    Hit,

    /// <summary>Looked up and fetched, whether that was stored or not.</summary>
    Miss,

    /// <summary>Fetched for this client alone.</summary>
    Pass,

    /// <summary>Answered by the VCL itself.</summary>
    Synth,

    /// <summary>The connection was handed through to the origin.</summary>
    Pipe,
}
