namespace CachePolicyOperator.Operator.Revisions;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error,
        Message = "The denied revisions in ConfigMap {Key} could not be read: {Reason}")]
    public static partial void DeniedUnreadable(this ILogger logger, string key, string reason);
}
