using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Supervision;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "varnishd cannot be supervised now: {Reason}")]
    public static partial void VarnishUnavailable(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is held could not be restored: {Reason}")]
    public static partial void RestoreFailed(this ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Restored {Digest} at level {Level}")]
    public static partial void Restored(this ILogger logger, Digest digest, CacheLevel level);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "varnishd was found bypassed where the record says otherwise; it stays bypassed")]
    public static partial void FoundBypassed(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Revision {Digest} is proven for Varnish {ProvenVersion} and varnishd is {Version}; it is not used")]
    public static partial void ProvenForOther(this ILogger logger, Digest digest, string provenVersion, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "varnishd was restarted")]
    public static partial void VarnishRestarted(this ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "varnishd serves with `{VclName}` ({Digest}), which did not come through the agent")]
    public static partial void UnprovenVcl(this ILogger logger, string vclName, Digest? digest);

    [LoggerMessage(Level = LogLevel.Error, Message = "A look at varnishd failed")]
    public static partial void SupervisionFailed(this ILogger logger, Exception exception);
}
