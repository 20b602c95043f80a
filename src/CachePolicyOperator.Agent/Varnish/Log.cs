namespace CachePolicyOperator.Agent.Varnish;

internal static partial class Log
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The parameter {Parameter} of varnishd stays `{Value}`; long requests may be judged by their "
            + "beginning only, or not at all: {Reason}")]
    public static partial void ParameterRefused(this ILogger logger, string parameter, string value, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "The parameter {Parameter} of varnishd was `{Value}`, for which no proof holds; it is set to `{Wanted}`")]
    public static partial void ParameterPutBack(this ILogger logger, string parameter, string value, string wanted);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing is cached: {Reason}")]
    public static partial void ParametersUnfit(this ILogger logger, string reason);
}
