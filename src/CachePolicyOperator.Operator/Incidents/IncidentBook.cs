using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Incidents;

/// <summary>
/// Reads and writes the incidents of policies. What is open is read from the server, not from the informer, which may
/// not yet show what was written a moment ago. What somebody else made of one is put back.
/// </summary>
internal sealed class IncidentBook(
    IEntityStore<CacheIncident> store,
    ResourceClient<CacheIncident> client,
    ResourceWriter writer,
    IncidentSeal seal,
    EventPublisher publish,
    TimeProvider time)
{
    private readonly ConcurrentDictionary<NamespacedName, CacheIncident> _written = new();

    public async Task<IReadOnlyList<CacheIncident>> OfAsync(CachePolicy policy, CancellationToken cancellationToken)
    {
        await seal.Ready.WaitAsync(cancellationToken);
        var space = policy.Metadata.NamespaceProperty;
        var known = store.Where(i => i.Metadata.NamespaceProperty == space && i.Spec?.Policy == policy.Metadata.Name)
            .ToDictionary(NamespacedName.Of);
        foreach (var (key, made) in _written)
        {
            if (key.Namespace == space && made.Spec.Policy == policy.Metadata.Name)
            {
                known.TryAdd(key, made);
            }
        }

        List<CacheIncident> live = [];
        foreach (var (key, incident) in known)
        {
            var trusted = seal.Trust(incident);
            var now = IncidentEntities.IsOpen(trusted) || trusted != incident
                ? await client.GetAsync(key, cancellationToken)
                : incident;
            if (now is not null)
            {
                live.Add(await PutBackAsync(policy, now, cancellationToken));
            }

            if (now is null || store.Find(key) is not null)
            {
                _written.TryRemove(key, out _);
            }
        }

        return [.. live.OrderBy(i => i.Metadata.Name, StringComparer.Ordinal)];
    }

    /// <summary>Makes the incident of an intent; where one of its name is there already, it is that one.</summary>
    public async Task<CacheIncident> OpenAsync(
        CachePolicy policy, IncidentIntent intent, CancellationToken cancellationToken)
    {
        var sign = intent.Signs[0];
        var key = new NamespacedName(policy.Metadata.NamespaceProperty, intent.Name);
        var incident = new CacheIncident
        {
            // No owner: the record outlives the policy.
            Metadata = new V1ObjectMeta
            {
                Name = intent.Name,
                NamespaceProperty = key.Namespace,
                Labels = Owners.Labels(policy)
            },
            Spec = new CacheIncidentSpec
            {
                Policy = policy.Metadata.Name,
                Level = intent.Level.ToString(),
                Revisions = [.. intent.Revisions.Items.Select(r => r.ToString())],
                Trigger = new IncidentTriggerSpec
                {
                    Kind = sign.Trigger,
                    Pod = sign.Source?.Pod,
                    Sequence = sign.Source?.Leak,
                    Time = StatusConditions.Precise(sign.At),
                    Reason = sign.Message,
                },
            },
        };
        incident.Metadata.Annotations =
            new Dictionary<string, string> { [Seal.Annotation] = seal.OfBeginning(incident) };
        try
        {
            var made = await writer.CreateAsync(incident, cancellationToken);
            _written[key] = made;
            return made;
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.Conflict)
        {
            return await client.GetAsync(key, cancellationToken) ?? throw new InvalidOperationException(
                $"{key} was there and is gone", error);
        }
    }

    /// <summary>Writes what changed of the status, sealed, onto the version that was read or not at all.</summary>
    public async Task<CacheIncident> WriteAsync(
        CacheIncident incident, CacheIncidentStatus status, CancellationToken cancellationToken)
    {
        var old = incident.Status ?? new CacheIncidentStatus();
        (status.Serial, status.Seal) = (old.Serial, old.Seal);
        if (seal.Holds(incident) && KubernetesJson.Serialize(status) == KubernetesJson.Serialize(old))
        {
            return incident;
        }

        seal.Sign(incident, status);
        var members = Members(status);
        foreach (var gone in Members(old).Select(m => m.Key).Where(k => !members.ContainsKey(k)))
        {
            members[gone] = null;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = incident.Metadata.ResourceVersion },
            ["status"] = members,
        };
        return seal.Trust(await writer.MergePatchAsync<CacheIncident>(
            NamespacedName.Of(incident), patch.ToJsonString(), cancellationToken, ResourceWriter.Status));
    }

    /// <summary>
    /// Where nobody knows any more how it stood, the record says why it is as it is, and the condition of the policy
    /// with it.
    /// </summary>
    private CacheIncidentStatus Told(CacheIncident trusted)
    {
        var status = trusted.Status!;
        if (IncidentEntities.IsDistrusted(trusted))
        {
            IncidentEntities.Write(
                IncidentEntities.ReadRecord(trusted)
                    .AddOnce(
                    new TimelineEntry(time.GetUtcNow(), TimelineEntry.Operator, IncidentSeal.NotKnown(trusted))),
                    status);
        }

        return status;
    }

    private static JsonObject Members(CacheIncidentStatus status) =>
        JsonNode.Parse(KubernetesJson.Serialize(status))!.AsObject();

    /// <summary>
    /// The incident as the operator wrote it; where somebody else changed it, that is undone and told.
    /// </summary>
    private async Task<CacheIncident> PutBackAsync(
        CachePolicy policy, CacheIncident live, CancellationToken cancellationToken)
    {
        var trusted = seal.Trust(live);
        if (trusted == live)
        {
            return live;
        }

        var restored = await WriteAsync(live, Told(trusted), cancellationToken);
        await publish(
            policy, "IncidentRestored",
            $"somebody else changed incident `{live.Metadata.Name}`, which counts for nothing; it is "
                + $"{restored.Status?.Phase}, at {restored.Status?.Level}"
                + (IncidentEntities.IsDistrusted(restored) ? $"; {IncidentSeal.NotKnown(restored)}" : ""),
            EventType.Warning, cancellationToken);
        return restored;
    }
}
