using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.LeaderElection;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads")]
    public static partial void TermBegan(this ILogger logger, string identity);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} no longer leads")]
    public static partial void TermEnded(this ILogger logger, string identity);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Identity} could not renew its lease for {Deadline} and stops working")]
    public static partial void LeaseLost(this ILogger logger, string identity, TimeSpan deadline);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Identity} lost its lease to {Holder}")]
    public static partial void LeaseTaken(this ILogger logger, string identity, string holder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Identity} could not look after the lease: {Error}")]
    public static partial void ElectionFailed(this ILogger logger, string identity, string error);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Identity} could not give its lease back; the next leader waits until it runs out: {Error}")]
    public static partial void ReleaseFailed(this ILogger logger, string identity, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "A task of the leader {Identity} failed; the term is over")]
    public static partial void TermFailed(this ILogger logger, Exception error, string identity);
}
