namespace CachePolicyOperator.Operator.Webhooks;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error,
        Message = "The webhook configuration {Configuration} could not be written: {Reason}")]
    public static partial void ConfigurationFailed(this ILogger logger, string configuration, string reason);
}
