using System.Diagnostics.Metrics;
using CachePolicyOperator.Agent.Metrics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace CachePolicyOperator.Agent.Server;

/// <summary>
/// The port of the metrics, plain HTTP as Prometheus asks for it: <c>/metrics</c> is answered there and nowhere else,
/// and nothing else is answered there.
/// </summary>
internal static class MetricsPort
{
    public static void AddMetricsPort(this IServiceCollection services)
    {
        services.AddSingleton<PodGauges>();
        services.AddOpenTelemetry()
            .ConfigureResource(
                resource => resource.AddService("cachepolicy-agent", autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics.AddMeter(AgentMeter.Name).AddPrometheusExporter());

        // Meters are known in all of the process: where it has several agents, as in tests, each tells its own gauges.
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) => metrics.AddView(instrument =>
            instrument.Meter.Scope is null || instrument.Meter.Scope == provider.GetRequiredService<IMeterFactory>()
                ? null
                : MetricStreamConfiguration.Drop));
    }

    /// <summary>Answers what comes in by the port of the metrics; all else goes on.</summary>
    public static void UseMetricsPort(this WebApplication app)
    {
        app.Services.GetRequiredService<PodGauges>();
        app.MapWhen(
            context => context.Features.Get<Mark>() is not null,
            metrics =>
            {
                metrics.UseOpenTelemetryPrometheusScrapingEndpoint();
                metrics.Run(context =>
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                });
            });
    }

    /// <summary>Connections of this listener are told by their mark, for a port may be any free one.</summary>
    public static void MarkConnections(ListenOptions listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(Mark.Instance);
        return next(connection);
    });

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
