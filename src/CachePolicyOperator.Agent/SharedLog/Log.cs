namespace CachePolicyOperator.Agent.SharedLog;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Information, Message = "Reading the log of the varnishd process started at {Start}")]
    public static partial void LogAttached(this ILogger logger, DateTimeOffset start);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of varnishd cannot be read: {Reason}")]
    public static partial void LogNotReadable(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of varnishd cannot be read on this machine: {Reason}")]
    public static partial void LogLibraryUnusable(this ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Part of varnishd's log was overwritten before it was read; raise vsl_space or give the agent more "
            + "processor time")]
    public static partial void LogOverrun(this ILogger logger);
}
