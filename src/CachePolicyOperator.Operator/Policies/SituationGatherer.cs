using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;
using PersonalRoutesEntity = CachePolicyOperator.Entities.PersonalRoutes;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>Gathers what is known of a policy from the stores and the sessions.</summary>
internal sealed class SituationGatherer(
    IEntityStore<CacheIncident> incidents,
    IEntityStore<PersonalRoutesEntity> personal,
    IEntityStore<V1ConfigMap> configMaps,
    IncidentSeal seal,
    RevisionArchive archive,
    IdentityKeys identityKeys,
    IOperatorSecrets secrets,
    AgentSessionPool pool)
{
    private readonly StoreConfigMaps _configMaps = new(configMaps);

    public async Task<PolicySituation> GatherAsync(CachePolicy policy, CancellationToken cancellationToken)
    {
        await secrets.Loaded.WaitAsync(cancellationToken);
        var inForce = archive.FindInForce(policy);
        var all = IncidentsOf(policy);
        var level = LevelPlanner.Decide(LevelOf(policy.Status), all.Items);
        GuardConfiguration? guard = null;
        if (inForce is not null)
        {
            var key = await identityKeys.GetAsync(policy.Metadata.NamespaceProperty, cancellationToken);
            var watched = inForce.Trial is { } trial
                ? GuardOf.Both(inForce.Guard, trial.Candidate.Guard)
                : inForce.Guard;
            guard = GuardOf.Join(watched, Declared(policy)) with { IdentityKey = key };
        }

        var package = inForce is null ? null : archive.FindRevision(policy, inForce.Revision);
        var tried = inForce?.Trial is null ? null
            : TrialGate.IsTried(inForce) ? package
            : archive.FindRevision(policy, inForce.Trial.Candidate.Revision);
        var sessions = pool.Of(NamespacedName.Of(policy));
        var fleet = new FleetState(
            inForce?.Revision,
            HasText: package is not null,
            level.Level,
            guard?.ComputeDigest(),
            inForce?.Fallback.Purge ?? true,
            Digest.Read(policy.Status?.Revision?.Active),
            Digest.Read(policy.Status?.Revision?.Previous),
            package is null
                ? []
                : archive.DeadEnds(policy, package, sessions.Select(s => s.Status?.ServingDigest).OfType<Digest>()))
        {
            Trial = inForce?.Trial,
            HasTrialText = tried is not null,
            MayOthersCache = inForce is null || TrialGate.MayOthersCache(inForce),
            Lingering = inForce?.Lingering,
            MaxSurgePercent = inForce?.Rollout.MaxSurgePercent ?? 100,
        };
        return new PolicySituation(inForce, level, all, fleet, package, tried, guard, sessions);
    }

    public EquatableList<Incident> IncidentsOf(CachePolicy policy) =>
        incidents
            .Where(i => i.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && i.Spec?.Policy == policy.Metadata.Name)
            .Select(i => IncidentEntities.Read(seal.Trust(i)))
            .ToEquatableList();

    /// <summary>
    /// What the status says is wanted; before the first it says that nothing is wrong. Not what is seen: where that
    /// differs for a moment, it must hold nothing down.
    /// </summary>
    public static PolicyLevel LevelOf(CachePolicyStatus? status) =>
        status is { Incident: { Length: > 0 } incident } && (status.LevelWanted ?? status.Level) is { } level
            ? new PolicyLevel(
                IncidentEntities.Level(level),
                [incident],
                ByOutage: status.Fallback is { OrderedBy: Sign.CacheUnavailable } fallback
                    && fallback.Incident == incident)
            : PolicyLevel.Cached;

    private IEnumerable<Core.Model.PersonalRoutes> Declared(CachePolicy policy) =>
        personal.Where(p => p.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty)
            .Select(p => PersonalRoutesReader.Read(p, _configMaps).Value)
            .OfType<Core.Model.PersonalRoutes>();
}
