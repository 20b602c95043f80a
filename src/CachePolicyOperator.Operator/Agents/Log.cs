namespace CachePolicyOperator.Operator.Agents;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Agent of {Pod} is in trouble: {Reason}")]
    public static partial void AgentTrouble(this ILogger logger, string pod, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Event stream of {Pod} ended: {Reason}")]
    public static partial void EventStreamEnded(this ILogger logger, string pod, string reason);
}
