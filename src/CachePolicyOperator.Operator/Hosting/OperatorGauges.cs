using System.Diagnostics.Metrics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.Runtime.LeaderElection;

namespace CachePolicyOperator.Operator.Hosting;

/// <summary>What the operator looks at when it is asked for its metrics; nothing of it is kept.</summary>
internal sealed class OperatorGauges
{
    private const string Unknown = "Unknown";

    private static readonly string[] Levels = [.. Enum.GetNames<CacheLevel>(), Unknown];

    private readonly LevelBook _levels;
    private readonly OperatorSecrets _secrets;
    private readonly ILeadership _leadership;

    public OperatorGauges(
        IMeterFactory meters, LevelBook levels, ProofPool proofs, OperatorSecrets secrets, ILeadership leadership)
    {
        (_levels, _secrets, _leadership) = (levels, secrets, leadership);
        var meter = meters.Create(OperatorMeter.Name);
        meter.CreateObservableGauge(
            OperatorMeter.Prefix + "level.seen",
            () => Each(note => note.Seen?.ToString() ?? Unknown),
            description: "1 for the level that pods and entries of the policy are seen to be at, 0 for the others. On "
                + "the leader only.");
        meter.CreateObservableGauge(
            OperatorMeter.Prefix + "level.wanted",
            () => Each(note => note.Wanted.ToString()),
            description: "1 for the level that is wanted of the policy, 0 for the others. On the leader only.");
        meter.CreateObservableGauge(
            OperatorMeter.Prefix + "proofs.waiting",
            () => proofs.Waiting,
            description: "Proofs that wait for their turn.");
        meter.CreateObservableGauge(
            OperatorMeter.Prefix + "proofs.running",
            () => proofs.Running,
            description: "Proofs that are being worked on.");
        meter.CreateObservableGauge(
            OperatorMeter.Prefix + "certificate.expiry.timestamp",
            Expiries,
            unit: "s",
            description: "When the certificate ends, in seconds since 1970: of the webhook, of the sessions with "
                + "agents, and of their authority.");
    }

    private IEnumerable<Measurement<int>> Each(Func<LevelNote, string> level) =>
        from note in _leadership.IsLeading ? _levels.Notes : []
        let current = level(note.Value)
        from name in Levels
        select new Measurement<int>(
            name == current ? 1 : 0,
            new KeyValuePair<string, object?>("namespace", note.Key.Namespace),
            new KeyValuePair<string, object?>("policy", note.Key.Name),
            new KeyValuePair<string, object?>("level", name));

    private IEnumerable<Measurement<long>> Expiries()
    {
        static Measurement<long> Of(DateTimeOffset end, string which) =>
            new(end.ToUnixTimeSeconds(), new KeyValuePair<string, object?>("certificate", which));

        if (_secrets.Current is { } webhook)
        {
            yield return Of(webhook.NotAfter, "webhook");
        }

        if (_secrets.Client is { } client)
        {
            yield return Of(client.NotAfter, "agents");
        }

        if (_secrets.Authority is { } authority)
        {
            yield return Of(authority.Current.NotAfter, "authority");
        }
    }
}
