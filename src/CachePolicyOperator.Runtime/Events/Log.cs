using CachePolicyOperator.Runtime.Abstractions;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Events;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Reason} could not be written as {Key}: {Error}")]
    public static partial void EventLost(this ILogger logger, string reason, NamespacedName key, string error);
}
