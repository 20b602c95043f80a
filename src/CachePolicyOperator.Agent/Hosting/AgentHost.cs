using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Leaks;
using CachePolicyOperator.Agent.Metrics;
using CachePolicyOperator.Agent.Orders;
using CachePolicyOperator.Agent.Server;
using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Supervision;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Trials;
using CachePolicyOperator.Agent.Varnish;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CachePolicyOperator.Agent.Hosting;

/// <summary>The composition root: one agent, ready to run.</summary>
internal static class AgentHost
{
    private const long MaxBody = 20 * 1024 * 1024;

    public static WebApplication Build(AgentOptions options, IFailPoints failPoints, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (options.LogsJson)
        {
            builder.Logging.AddJsonConsole(json =>
            {
                // Without a format there is no time at all.
                (json.TimestampFormat, json.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true);
                json.IncludeScopes = true;
            });
        }

        var services = builder.Services;
        services.AddSingleton(failPoints);
        services.AddSingleton(time);
        services.AddSingleton(new CliEndpoint(options.VarnishHost, options.VarnishPort, options.SecretFile));
        services.AddSingleton<IVarnish, VarnishCli>();
        services.AddSingleton(p => new StateDirectory(
            options.StateDirectory, failPoints, p.GetRequiredService<ILogger<StateDirectory>>()));
        services.AddSingleton<EventLog>();
        services.AddSingleton<ExposureBook>();
        services.AddSingleton<LogWatch>();
        services.AddSingleton<ProbeMark>();
        services.AddSingleton<Tripwire>();
        services.AddSingleton<ContractWatch>();
        services.AddSingleton<TrialBook>();
        services.AddSingleton<ExpiryBook>();
        services.AddSingleton<TrafficCount>();
        services.AddSingleton<Func<GuardRecord, GuardInForce>>(record =>
            new GuardInForce(record, PersonalTargets.Of(record.Configuration)));
        services.AddSingleton<RequiredParameters>();
        services.AddSingleton<ProofParameters>();
        services.AddSingleton<RevisionShelf>();
        services.AddSingleton<VclSwitch>();
        services.AddSingleton<RevisionLoader>();
        services.AddSingleton<VarnishObserver>();
        services.AddSingleton<LeakReflex>();
        services.AddSingleton<LeakTeller>();
        services.AddSingleton<LeakReporter>();
        services.AddSingleton<GuardOrders>();
        services.AddSingleton<OperatorOrders>();
        services.AddSingleton<VarnishRestorer>();
        services.AddSingleton<BanWatch>();
        services.AddSingleton<PodStatus>();
        services.AddSingleton(p => new CertificateDirectory(
            options.CertificateDirectory, p.GetRequiredService<ILogger<CertificateDirectory>>()));
        services.AddSingleton<IOperatorCheck, SignedByOperator>();
        services.AddSingleton<AgentEndpoints>();
        services.AddHostedService<TripHandler>();
        services.AddHostedService<TrialRunner>();
        services.AddHostedService(p => p.GetRequiredService<LeakReporter>());
        services.AddHostedService<Supervisor>();
        services.AddHostedService(p => new LogWatcher(
            options.VarnishName,
            new LogSinks(
                p.GetRequiredService<Tripwire>(), p.GetRequiredService<TrafficCount>(),
                    p.GetRequiredService<ContractWatch>(), p.GetRequiredService<ExpiryBook>()),
            p.GetRequiredService<ILogger<LogWatcher>>()));
        services.AddMetricsPort();

        var app = builder.Build();

        // Before the log is read: it is judged from its oldest record on.
        app.Services.GetRequiredService<GuardOrders>().Restore();
        app.Services.GetRequiredService<LeakTeller>();
        app.UseMetricsPort();
        app.Services.GetRequiredService<AgentEndpoints>().Map(app);
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, AgentOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBody;
        kestrel.Listen(options.Health);
        if (options.Metrics is { } metrics)
        {
            kestrel.Listen(metrics, MetricsPort.MarkConnections);
        }

        kestrel.Listen(options.Listen, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(OperatorCertificate.Require(
                kestrel.ApplicationServices.GetRequiredService<CertificateDirectory>().Read())),
        }));
    }
}
