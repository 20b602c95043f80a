namespace CachePolicyOperator.Agent.Server;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Certificates read; ours is valid until {NotAfter}")]
    public static partial void CertificatesRead(this ILogger logger, DateTime notAfter);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The certificates in {Path} changed and cannot be read; those before are kept: {Reason}")]
    public static partial void CertificatesUnreadable(this ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused {Path}: {Code}")]
    public static partial void OrderRefused(this ILogger logger, string path, string code);
}
