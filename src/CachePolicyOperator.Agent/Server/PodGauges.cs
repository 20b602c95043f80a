using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Metrics;
using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.Agent.Supervision;
using CachePolicyOperator.Agent.Switching;

namespace CachePolicyOperator.Agent.Server;

/// <summary>
/// What the agent looks at when it is asked for its metrics: what varnishd does, not what it was told.
/// </summary>
internal sealed class PodGauges
{
    private static readonly string[] Levels = ["Cached", "Bypassed", "Unknown"];

    private static readonly (string Name, Outcome Outcome)[] Outcomes =
        [.. Enum.GetValues<Outcome>().Select(o => (o.ToString().ToLowerInvariant(), o))];

    private readonly VclSwitch _switch;
    private readonly CertificateDirectory _certificates;

    public PodGauges(
        IMeterFactory meters,
        TrafficCount traffic,
        PodStatus status,
        LogWatch watch,
        VclSwitch vclSwitch,
        BanWatch bans,
        CertificateDirectory certificates)
    {
        (_switch, _certificates) = (vclSwitch, certificates);
        var meter = meters.Create(AgentMeter.Name);
        meter.CreateObservableCounter(
            AgentMeter.Prefix + "requests",
            () => Outcomes.Select(o => Of(traffic.Of(o.Outcome), "outcome", o.Name)),
            description: "Client requests and fragments that varnishd answered, by what became of them.");
        meter.CreateObservableCounter(
            AgentMeter.Prefix + "stored",
            () => traffic.Stored,
            description: "Responses of the origin that varnishd stored so that a later request may find them.");
        meter.CreateObservableCounter(
            AgentMeter.Prefix + "log.losses",
            () => traffic.Losses,
            description: "Times that part of varnishd's log was overwritten before it was read.");
        meter.CreateObservableGauge(
            AgentMeter.Prefix + "level",
            () => Levels.Select(l => Of(l == Level() ? 1 : 0, "level", l)),
            description: "1 for the level that varnishd is seen to serve at, 0 for the others.");
        meter.CreateObservableGauge(
            AgentMeter.Prefix + "ready",
            () => status.IsReady ? 1 : 0,
            description: "1 where varnishd serves with what is proven, and is watched.");
        meter.CreateObservableGauge(
            AgentMeter.Prefix + "watching",
            () => watch.IsWatching ? 1 : 0,
            description: "1 where the log is read and judged.");
        meter.CreateObservableGauge(
            AgentMeter.Prefix + "bans",
            () => bans.Waiting,
            description: "Bans that some stored object has not been tried against yet.");
        meter.CreateObservableGauge(
            AgentMeter.Prefix + "ban.lag",
            () => bans.Lag.TotalSeconds,
            unit: "s",
            description: "Age of the oldest of these bans.");
        meter.CreateObservableGauge(
            AgentMeter.Prefix + "certificate.expiry.timestamp",
            Expiry,
            unit: "s",
            description: "When the agent's certificate ends, in seconds since 1970.");
    }

    private static Measurement<T> Of<T>(T value, string label, string name)
        where T : struct => new(value, new KeyValuePair<string, object?>(label, name));

    private string Level() => _switch.Seen switch
    {
        { Serves: true, ActiveIsBypass: true, ActiveIsProven: true } => Levels[1],
        { Serves: true, ActiveIsProven: true } => Levels[0],

        // What a text without a proof does, nobody can say.
        _ => Levels[2],
    };

    private IEnumerable<Measurement<long>> Expiry()
    {
        DateTimeOffset end;
        try
        {
            end = _certificates.Read().Own.TargetCertificate.NotAfter;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            yield break;
        }

        yield return new(end.ToUnixTimeSeconds());
    }
}
