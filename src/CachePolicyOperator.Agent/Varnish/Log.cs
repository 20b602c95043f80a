namespace CachePolicyOperator.Agent.Varnish;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The parameter {Parameter} of varnishd stays `{Value}`; long requests may be judged by their "
            + "beginning only, or not at all: {Reason}")]
    public static partial void ParameterRefused(this ILogger logger, string parameter, string value, string reason);
}
