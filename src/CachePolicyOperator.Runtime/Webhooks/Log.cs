using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Webhooks;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Webhook} {Operation} {Namespace}/{Name}: allowed {Allowed}")]
    public static partial void Answered(
        this ILogger logger, string webhook, string operation, string @namespace, string name, bool allowed);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{Webhook} gave no answer on {Namespace}/{Name} within {Budget}; refused")]
    public static partial void OverBudget(
        this ILogger logger, string webhook, string @namespace, string name, TimeSpan budget);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Webhook} failed on {Namespace}/{Name}; refused")]
    public static partial void HandlerFailed(
        this ILogger logger, Exception error, string webhook, string @namespace, string name);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Webhook} refused an object unread: too many bytes are being looked at")]
    public static partial void NoRoom(this ILogger logger, string webhook);
}
