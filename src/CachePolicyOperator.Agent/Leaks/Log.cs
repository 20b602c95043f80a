namespace CachePolicyOperator.Agent.Leaks;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A leak ({Trigger}): bypassed {Milliseconds} ms after the end of the response")]
    public static partial void BypassedByItself(this ILogger logger, string trigger, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "A leak, and no revision is held whose bypass could be used")]
    public static partial void NoBypassHeld(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The bypass failed and is tried again: {Reason}")]
    public static partial void BypassFailed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The purge after a leak failed: {Reason}")]
    public static partial void PurgeFailed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A leak could not be acted on in full")]
    public static partial void TripFailed(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A leak could not be told in full")]
    public static partial void TellingFailed(this ILogger logger, Exception exception);
}
