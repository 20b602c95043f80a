using CachePolicyOperator.Runtime.Abstractions;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Informers;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug,
        Message = "Listed {Count} {Plural}, {Changes} changed, at version {Version}")]
    public static partial void Listed(this ILogger logger, string plural, int count, int changes, string version);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Watch of {Plural} ended at version {Version}")]
    public static partial void WatchEnded(this ILogger logger, string plural, string? version);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Watch of {Plural} cannot go on and lists again: {Error}")]
    public static partial void WatchExpired(this ILogger logger, string plural, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Watch of {Plural} failed, attempt {Attempt}: {Error}")]
    public static partial void WatchFailed(this ILogger logger, string plural, int attempt, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "An object of {Plural} cannot be read, {Key}: {Error}")]
    public static partial void Unreadable(this ILogger logger, string plural, NamespacedName key, string error);
}
