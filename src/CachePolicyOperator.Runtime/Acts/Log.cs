using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Acts;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Act} {Target} {Detail}")]
    public static partial void Acted(this ILogger logger, string act, string target, string detail);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Act} {Target} {Detail} failed: {Error}")]
    public static partial void ActFailed(this ILogger logger, string act, string target, string detail, string error);
}
