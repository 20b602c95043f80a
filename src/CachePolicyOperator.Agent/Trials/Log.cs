namespace CachePolicyOperator.Agent.Trials;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A probe showed a leak: {What}")]
    public static partial void ProbeLeaked(this ILogger logger, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The trial could not go on, and is taken up again")]
    public static partial void TrialFailed(this ILogger logger, Exception exception);
}
