namespace CachePolicyOperator.Agent.State;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error, Message = "The state in {File} cannot be read and counts as absent: {Reason}")]
    public static partial void StateUnreadable(this ILogger logger, string file, string reason);
}
