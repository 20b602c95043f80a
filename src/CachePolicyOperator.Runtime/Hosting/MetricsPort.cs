using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace CachePolicyOperator.Runtime.Hosting;

/// <summary>
/// The port of the metrics, plain HTTP as Prometheus asks for it: <c>/metrics</c> is answered there and nowhere else,
/// and nothing else is answered there.
/// </summary>
public static class MetricsPort
{
    /// <summary>Every meter of ours, whichever project it is of.</summary>
    private const string OurMeters = "CachePolicyOperator.*";

    /// <summary>Series of one metric: with five levels, enough for some thousands of policies.</summary>
    private const int MostSeries = 20_000;

    /// <summary>Answers what comes in by the port of the metrics; all else goes on.</summary>
    public static IApplicationBuilder UseMetricsPort(this IApplicationBuilder application)
    {
        ArgumentNullException.ThrowIfNull(application);
        application.ApplicationServices.GetRequiredService<RuntimeGauges>();
        return application.MapWhen(
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

    /// <param name="name">What the service is called.</param>
    internal static void AddMetricsPort(this IServiceCollection services, string name)
    {
        services.AddSingleton<RuntimeGauges>();
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(name, autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics.AddMeter(OurMeters).AddPrometheusExporter());
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) => metrics.AddView(
            instrument => View(instrument, provider.GetRequiredService<IMeterFactory>())));
    }

    /// <summary>
    /// Meters are known in all of the process: where it has several operators, as in tests, each tells its own gauges.
    /// </summary>
    private static MetricStreamConfiguration? View(Instrument instrument, IMeterFactory own) =>
        instrument.Meter.Scope is { } scope && scope != own ? MetricStreamConfiguration.Drop
        : instrument.IsObservable ? new MetricStreamConfiguration { CardinalityLimit = MostSeries }
        : null;

    /// <summary>Connections of this listener are told by their mark, for a port may be any free one.</summary>
    internal static void MarkConnections(ListenOptions listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(Mark.Instance);
        return next(connection);
    });

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
