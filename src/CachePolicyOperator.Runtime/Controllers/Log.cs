using CachePolicyOperator.Runtime.Abstractions;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Controllers;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key} is not reconciled, again in {Delay}: {Reason}")]
    public static partial void ReconcileFailed(
        this ILogger logger, Exception? error, string kind, NamespacedName key, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key} could not be reconciled, again in {Delay}")]
    public static partial void ReconcileThrew(
        this ILogger logger, Exception error, string kind, NamespacedName key, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Debug,
        Message = "{Kind} {Key} was changed by somebody else meanwhile, again in {Delay}")]
    public static partial void Conflicted(this ILogger logger, string kind, NamespacedName key, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "A map to {Kind} failed; all of them are reconciled")]
    public static partial void MapFailed(this ILogger logger, Exception error, string kind);
}
