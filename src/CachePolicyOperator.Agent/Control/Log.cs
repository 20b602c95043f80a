using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Control;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Digest} is loaded and warm")]
    public static partial void RevisionLoaded(this ILogger logger, string digest);

    [LoggerMessage(Level = LogLevel.Information, Message = "Revision {Digest} serves")]
    public static partial void RevisionActivated(this ILogger logger, string digest);

    [LoggerMessage(Level = LogLevel.Information, Message = "The level is {Level}: {Reason}")]
    public static partial void LevelOrdered(this ILogger logger, CacheLevel level, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Everything stored was purged")]
    public static partial void Purged(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "A leak ({Trigger}): bypassed {Milliseconds} ms after the end of the response")]
    public static partial void BypassedByItself(this ILogger logger, string trigger, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "A leak, and no revision is held whose bypass could be used")]
    public static partial void NoBypassHeld(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The bypass failed and is tried again: {Reason}")]
    public static partial void BypassFailed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The purge after a leak failed: {Reason}")]
    public static partial void PurgeFailed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored guard configuration cannot be used: {Reason}")]
    public static partial void GuardUnusable(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "varnishd cannot be supervised now: {Reason}")]
    public static partial void VarnishUnavailable(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is held could not be restored: {Reason}")]
    public static partial void RestoreFailed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Restored {Digest} at level {Level}")]
    public static partial void Restored(this ILogger logger, string digest, CacheLevel level);

    [LoggerMessage(Level = LogLevel.Warning, Message = "varnishd was found bypassed where the record says otherwise; it stays bypassed")]
    public static partial void FoundBypassed(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Revision {Digest} is proven for Varnish {ProvenVersion} and varnishd is {Version}; it is not used")]
    public static partial void ProvenForOther(this ILogger logger, string digest, string provenVersion, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The parameter {Parameter} of varnishd stays `{Value}`; long requests may be judged by their beginning only, or not at all: {Reason}")]
    public static partial void ParameterRefused(this ILogger logger, string parameter, string value, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "varnishd was restarted")]
    public static partial void VarnishRestarted(this ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "varnishd serves with `{VclName}` ({Digest}), which did not come through the agent")]
    public static partial void UnprovenVcl(this ILogger logger, string vclName, string? digest);

    [LoggerMessage(Level = LogLevel.Error, Message = "A look at varnishd failed")]
    public static partial void SupervisionFailed(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A leak could not be acted on in full")]
    public static partial void TripFailed(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A leak could not be told in full")]
    public static partial void TellingFailed(this ILogger logger, Exception exception);
}
