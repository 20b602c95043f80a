using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Orders;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Digest} is loaded and warm")]
    public static partial void RevisionLoaded(this ILogger logger, Digest digest);

    [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Digest} serves")]
    public static partial void RevisionActivated(this ILogger logger, Digest digest);

    [LoggerMessage(Level = LogLevel.Information, Message = "The level is {Level}: {Reason}")]
    public static partial void LevelOrdered(this ILogger logger, CacheLevel level, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pages were invalidated with {Bans} bans")]
    public static partial void Invalidated(this ILogger logger, int bans);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Waiting} bans wait for the ban lurker already; everything stored is invalidated instead")]
    public static partial void TooManyBans(this ILogger logger, int waiting);

    [LoggerMessage(Level = LogLevel.Information, Message = "Everything stored was purged")]
    public static partial void Purged(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored guard configuration cannot be used: {Reason}")]
    public static partial void GuardUnusable(this ILogger logger, string reason);
}
