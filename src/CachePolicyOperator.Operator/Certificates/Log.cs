namespace CachePolicyOperator.Operator.Certificates;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys in Secret {Key} could not be read or written: {Reason}")]
    public static partial void KeysUnreadable(this ILogger logger, string key, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate authority changed; {Thumbprint} signs until {NotAfter}")]
    public static partial void AuthorityChanged(this ILogger logger, string thumbprint, DateTimeOffset notAfter);
}
