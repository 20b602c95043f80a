namespace CachePolicyOperator.Oracle.Real;

/// <summary>The records of varnishd's log that the oracle reads, named as varnishd names them.</summary>
internal enum LogTag : byte
{
    Other,
    Begin,
    End,
    Link,
    ReqMethod,
    ReqURL,
    ReqProtocol,
    ReqHeader,
    ReqUnset,
    BerespStatus,
    BerespProtocol,
    BerespReason,
    BerespHeader,
    BerespUnset,
    VCL_call,
    VCL_return,
    VCL_Error,
    Hash,
    Hit,
    HitMiss,
    HitPass,
    TTL,
}

/// <summary>One record: what kind, and its text, one character a byte.</summary>
internal readonly record struct LogRecord(LogTag Tag, string Text);
