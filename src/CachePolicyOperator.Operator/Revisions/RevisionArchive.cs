using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>Proven revisions and what is in force, in sealed ConfigMaps beside their policy.</summary>
internal sealed class RevisionArchive(IEntityStore<V1ConfigMap> store, ResourceWriter writer, Seal seal)
{
    /// <summary>How many revisions are kept besides those in use.</summary>
    private const int Spare = 3;

    private const string VclKey = "default.vcl";
    private const string BypassKey = "bypass.vcl";
    private const string ProofKey = "proof.json";
    private const string InForceKey = "in-force.json";
    private const string RevisionLabel = "cachepolicy.dev/revision";

    private static readonly JsonSerializerOptions Json = new(AgentApi.Json)
    {
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WithKinds } },
    };

    /// <summary>Null where nothing was ever proven, or where somebody else changed what was kept.</summary>
    public InForce? FindInForce(CachePolicy policy) =>
        Find(policy, InForceName(policy)) is { } map ? Read<InForce>(map, InForceKey) : null;

    /// <summary>Null where it is not kept, or was changed.</summary>
    public RevisionPackage? FindRevision(CachePolicy policy, Digest digest) =>
        Find(policy, RevisionName(policy, digest)) is { Data: { } data } map
        && data.TryGetValue(VclKey, out var vcl)
        && data.TryGetValue(BypassKey, out var bypass)
        && Read<ProofRecord>(map, ProofKey) is { } proof
        && proof.Digest == digest
        && Digest.Of(vcl) == digest
            ? new RevisionPackage(vcl, proof, bypass)
            : null;

    /// <summary>Keeps what is proven, where it is not kept already. That puts nothing in force.</summary>
    public async Task KeepAsync(CachePolicy policy, ProvenPolicy proven, CancellationToken cancellationToken)
    {
        var revision = proven.Revision;
        if (FindRevision(policy, revision.Digest) is null)
        {
            var package = RevisionPackage.Of(revision, proven.Target);
            var data = new Dictionary<string, string>
            {
                [VclKey] = package.Vcl,
                [BypassKey] = package.BypassVcl,
                [ProofKey] = JsonSerializer.Serialize(package.Proof, Json),
            };
            var map = Map(policy, RevisionName(policy, revision.Digest), data, Digits(revision.Digest), immutable: true);
            await WriteAsync(map, cancellationToken);
        }
    }

    /// <summary>Puts in force what the gate let through. Its text is kept first, so that pods can be handed it.</summary>
    public async Task<InForce> PutInForceAsync(
        CachePolicy policy, AdmittedPolicy admitted, CancellationToken cancellationToken)
    {
        await KeepAsync(policy, admitted.Proven, cancellationToken);
        var inForce = InForce.Of(admitted);
        if (FindInForce(policy) != inForce)
        {
            var data = new Dictionary<string, string> { [InForceKey] = JsonSerializer.Serialize(inForce, Json) };
            await WriteAsync(Map(policy, InForceName(policy), data, null, immutable: false), cancellationToken);
        }

        return inForce;
    }

    /// <summary>Forgets the oldest revisions that nobody needs.</summary>
    public async Task PruneAsync(CachePolicy policy, IEnumerable<Digest?> inUse, CancellationToken cancellationToken)
    {
        var kept = inUse.OfType<Digest>().Select(d => RevisionName(policy, d)).ToHashSet(StringComparer.Ordinal);
        var spare = store
            .Where(m => m.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && m.Metadata.Labels?.ContainsKey(RevisionLabel) == true
                && Owners.IsOwnedBy(m, policy)
                && !kept.Contains(m.Metadata.Name))
            .OrderByDescending(m => m.Metadata.CreationTimestamp)
            .Skip(Spare);
        foreach (var map in spare)
        {
            await writer.DeleteAsync<V1ConfigMap>(NamespacedName.Of(map), cancellationToken, map.Metadata.Uid);
        }
    }

    private static string InForceName(CachePolicy policy) => Names.Child(policy.Metadata.Name, "in-force");

    private static string RevisionName(CachePolicy policy, Digest digest) => Names.Child(policy.Metadata.Name, $"rev-{Digits(digest)}");

    private static string Digits(Digest digest) => digest.Hex[..16];

    private static T? Read<T>(V1ConfigMap map, string key)
        where T : class
    {
        try
        {
            return map.Data?.TryGetValue(key, out var json) == true ? JsonSerializer.Deserialize<T>(json, Json) : null;
        }
        catch (JsonException)
        {
            // Sealed by an operator of another version: what it kept is proven and written anew.
            return null;
        }
    }

    private static void WithKinds(JsonTypeInfo info)
    {
        JsonDerivedType[] kinds =
            info.Type == typeof(CacheWorkload) ? [new(typeof(AdoptedWorkload), "adopted"), new(typeof(ManagedWorkload), "managed")]
            : info.Type == typeof(Entrypoint) ? [new(typeof(ServiceEntrypoint), "service"), new(typeof(IngressEntrypoint), "ingress"), new(typeof(HttpRouteEntrypoint), "httpRoute")]
            : [];
        if (kinds.Length > 0)
        {
            info.PolymorphismOptions = new JsonPolymorphismOptions();
            foreach (var kind in kinds)
            {
                info.PolymorphismOptions.DerivedTypes.Add(kind);
            }
        }
    }

    private V1ConfigMap? Find(CachePolicy policy, string name) =>
        store.Find(new NamespacedName(policy.Metadata.NamespaceProperty, name)) is { } map && seal.Holds(map, policy.Metadata.Uid) ? map : null;

    private V1ConfigMap Map(CachePolicy policy, string name, Dictionary<string, string> data, string? revision, bool immutable)
    {
        var map = new V1ConfigMap { Metadata = Owners.Metadata(policy, name), Data = data, Immutable = immutable ? true : null };
        map.Metadata.Annotations = new Dictionary<string, string> { [Seal.Annotation] = seal.Of(policy.Metadata.Uid, name, data) };
        if (revision is not null)
        {
            map.Metadata.Labels[RevisionLabel] = revision;
        }

        return map;
    }

    private async Task WriteAsync(V1ConfigMap map, CancellationToken cancellationToken)
    {
        if (map.Immutable == true && store.Find(NamespacedName.Of(map)) is { } spoilt)
        {
            // Immutable, and not what we wrote: it can only be replaced.
            await writer.DeleteAsync<V1ConfigMap>(NamespacedName.Of(map), cancellationToken, spoilt.Metadata.Uid);
        }

        await writer.ApplyAsync(map, cancellationToken);
    }
}
