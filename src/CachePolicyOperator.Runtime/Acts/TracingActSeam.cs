using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Acts;

/// <summary>The seam of the running operator: a span and a Debug line for every act.</summary>
public sealed class TracingActSeam(ILogger<TracingActSeam> logger) : IActSeam
{
    /// <summary>The name under which spans are published.</summary>
    public const string SourceName = "CachePolicyOperator.Runtime";

    internal static readonly ActivitySource Source = new(SourceName);

    public async Task<T> PerformAsync<T>(
        Act act, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(act);
        ArgumentNullException.ThrowIfNull(perform);
        using var span = Source.StartActivity(act.Kind);
        span?.SetTag("act.target", act.Target).SetTag("act.detail", act.Detail);
        try
        {
            var result = await perform(cancellationToken);
            logger.Acted(act.Kind, act.Target, act.Detail);
            return result;
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            logger.ActFailed(act.Kind, act.Target, act.Detail, error.Message);
            throw;
        }
    }
}
