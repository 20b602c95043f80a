namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>The records of varnishd's log that the agent reads, named as varnishd names them.</summary>
internal enum LogTag : byte
{
    Other,
    Begin,
    End,
    ReqMethod,
    ReqURL,
    ReqHeader,
    BereqMethod,
    BereqURL,
    BerespStatus,
    BerespHeader,
    Hit,
    VCL_call,
    VCL_return,
    VCL_use,
    Link,
    Timestamp,
    TTL,
    Storage,
    CLI,
}
