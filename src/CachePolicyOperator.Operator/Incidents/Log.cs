namespace CachePolicyOperator.Operator.Incidents;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "What a lost key had sealed could not be sealed anew yet: {Reason}")]
    public static partial void RenewalFailed(this ILogger logger, string reason);
}
