using System.Collections.Concurrent;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using k8s;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// Tells what the operator wrote of an incident from what somebody else made of it. Who may write the object could end
/// an incident otherwise: a status without a seal that holds counts for nothing, and its incident as open.
/// </summary>
internal sealed class IncidentSeal(Seal seal, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, CacheIncident> _newest = new();

    /// <inheritdoc cref="Seal.Ready"/>
    public Task Ready => seal.Ready;

    /// <summary>
    /// What the annotation of a new incident says: that the operator made it. Its status is sealed with each write.
    /// </summary>
    public string OfBeginning(CacheIncident incident) => seal.Of(Beginning(incident));

    /// <summary>Whether the operator wrote the status as it is, with the key that there is now.</summary>
    public bool Holds(CacheIncident incident) =>
        incident.Status is { } status && seal.Holds(status.Seal, Parts(incident, status));

    /// <summary>
    /// Seals a status that is about to be written, as the one after all that the operator wrote before.
    /// </summary>
    public void Sign(CacheIncident incident, CacheIncidentStatus status)
    {
        var before = Math.Max(
            Holds(incident) ? incident.Status!.Serial ?? 0 : 0, Newest(incident)?.Status?.Serial ?? 0);
        // By the clock, so that it also comes after what only a former operator knew.
        status.Serial = Math.Max(before + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
        status.Seal = seal.Of(Parts(incident, status));
    }

    /// <summary>
    /// The incident as the operator wrote it last; the very same object where nobody changed it. Where it is not known
    /// any more how that was, it is open at the lowest level, and what agents tell is not in it yet.
    /// </summary>
    public CacheIncident Trust(CacheIncident incident)
    {
        var newest = Newest(incident);
        if (Holds(incident) || (seal.IsNew && incident.Status?.Seal is not null))
        {
            if ((newest?.Status?.Serial ?? 0) <= incident.Status!.Serial)
            {
                _newest[incident.Metadata.Uid] = incident;
                return incident;
            }
        }
        else if (incident.Status is null && newest is null && (seal.IsNew || IsOwnBeginning(incident)))
        {
            return incident;
        }

        return newest is not null
            ? Copy(incident, newest.Spec, newest.Status!)
            : Copy(incident, incident.Spec, Unknown(incident));
    }

    public void Forget(CacheIncident incident) => _newest.TryRemove(incident.Metadata.Uid, out _);

    private CacheIncident? Newest(CacheIncident incident) => _newest.GetValueOrDefault(incident.Metadata.Uid);

    private bool IsOwnBeginning(CacheIncident incident) =>
        incident.Metadata.Annotations?.TryGetValue(Seal.Annotation, out var text) == true
            && seal.Holds(text, Beginning(incident));

    private static string[] Beginning(CacheIncident incident) =>
        ["incident", incident.Metadata.NamespaceProperty, incident.Metadata.Name,
            KubernetesJson.Serialize(incident.Spec)];

    private static string[] Parts(CacheIncident incident, CacheIncidentStatus status)
    {
        var plain = Copy(status);
        plain.Seal = null;
        return
        [
            "incident status", incident.Metadata.Uid, incident.Metadata.Name, KubernetesJson.Serialize(incident.Spec),
            KubernetesJson.Serialize(plain),
        ];
    }

    /// <summary>
    /// What is told stays, as far as it is there; what decides is the worst, how it began is not believed any more, and
    /// agents are heard anew.
    /// </summary>
    private CacheIncidentStatus Unknown(CacheIncident incident)
    {
        var status = Copy(incident.Status ?? new CacheIncidentStatus());
        status.Phase = IncidentEntities.Open;
        status.Level = nameof(Core.Model.CacheLevel.NoCache);
        status.Conditions =
        [
            .. (status.Conditions ?? []).Where(c => c.Type != IncidentEntities.Trusted),
            StatusConditions.Of(
                null, IncidentEntities.Trusted, false, "ChangedByOthers", NotKnown(incident), null, time.GetUtcNow()),
        ];
        (status.ReturnedWith, status.ReturnedAt, status.Agents, status.Serial, status.Seal) = (
            null, null, null, null, null);
        return status;
    }

    /// <summary>What a person is told of an incident of which nobody knows any more how it stood.</summary>
    public static string NotKnown(CacheIncident incident) =>
        "somebody changed this record while no operator saw it, so it counts as open and as bad as can be; the API "
            + "server's audit log says who. "
        + $"The cache comes back with `kubectl annotate cachepolicy {incident.Spec?.Policy} "
        + $"{PolicyAnnotations.Return}=DIGEST`";

    private static CacheIncident Copy(CacheIncident incident, CacheIncidentSpec spec, CacheIncidentStatus status) =>
        new() { Metadata = incident.Metadata, Spec = spec, Status = Copy(status) };

    private static CacheIncidentStatus Copy(CacheIncidentStatus status) =>
        KubernetesJson.Deserialize<CacheIncidentStatus>(KubernetesJson.Serialize(status));
}
