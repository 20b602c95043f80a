namespace CachePolicyOperator.Operator.Certificates;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The keys in Secret {Key} could not be read or written: {Reason}")]
    public static partial void KeysUnreadable(this ILogger logger, string key, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Keys were gone from Secret {Key}; the ones that this process knows are written back")]
    public static partial void KeysPutBack(this ILogger logger, string key);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "The certificate authority changed; {Thumbprint} signs until {NotAfter}")]
    public static partial void AuthorityChanged(this ILogger logger, string thumbprint, DateTimeOffset notAfter);
}
