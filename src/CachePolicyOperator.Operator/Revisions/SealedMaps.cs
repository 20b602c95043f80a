using System.Text.Json.Nodes;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>A ConfigMap of the operator's, as it is to be.</summary>
/// <param name="Revision">Value of the label by which revisions are found; null where it holds none.</param>
internal sealed record SealedMap(
    string Name, IReadOnlyDictionary<string, string> Data, string? Revision = null, bool IsImmutable = false);

/// <summary>What keeping a map came to.</summary>
internal enum Keeping
{
    /// <summary>It was as it is to be.</summary>
    AsItWas,

    /// <summary>It is new, or was brought from one state of ours to the next.</summary>
    Written,

    /// <summary>Somebody else had changed or removed it.</summary>
    PutBack,

    /// <summary>It is somebody else's by the same name, and was left alone.</summary>
    NotOurs,
}

/// <summary>
/// The operator's ConfigMaps beside a policy: read only where their seal holds, and kept as they are to be whatever
/// somebody adds to them. A map without a mark of ours is never touched.
/// </summary>
internal sealed class SealedMaps(IEntityStore<V1ConfigMap> store, ResourceWriter writer, Seal seal, OwnerMarks marks)
{
    /// <summary>Null where there is none, or what is ours of it was changed.</summary>
    public V1ConfigMap? Find(CachePolicy policy, string name, IReadOnlyCollection<string> keys) =>
        store.Find(Key(policy, name)) is { } map && seal.Holds(map, policy.Metadata.Uid, keys) ? map : null;

    /// <param name="wasKept">
    /// Whether it was there before in just this state, so that where it is missing somebody removed it.
    /// </param>
    public async Task<Keeping> KeepAsync(
        CachePolicy policy, SealedMap wanted, bool wasKept, CancellationToken cancellationToken)
    {
        var map = Map(policy, wanted);
        if (store.Find(Key(policy, wanted.Name)) is not { } present)
        {
            // A create and no apply: where somebody makes one of that name at the same moment, theirs stays.
            await writer.CreateAsync(map, cancellationToken);
            return wasKept ? Keeping.PutBack : Keeping.Written;
        }

        if (IsAsWanted(present, map))
        {
            return Keeping.AsItWas;
        }

        var isSealed = seal.Holds(present, policy.Metadata.Uid, [.. wanted.Data.Keys]);
        var isOwned = Owners.IsOwnedBy(present, policy);
        if (!isSealed && !isOwned && !marks.IsMarkedFor(present, policy))
        {
            return Keeping.NotOurs;
        }

        await WriteAsync(present, map, cancellationToken);
        // Of a policy of that name that was deleted: what it says holds nowhere, and nobody damaged it.
        return !isSealed && !isOwned ? Keeping.Written
            : isSealed && !wasKept && present.Data.Count == wanted.Data.Count ? Keeping.Written : Keeping.PutBack;
    }

    private static NamespacedName Key(CachePolicy policy, string name) => new(policy.Metadata.NamespaceProperty, name);

    private static bool IsAsWanted(V1ConfigMap present, V1ConfigMap wanted) =>
        Same(present.Data, wanted.Data)
        && present.BinaryData is not { Count: > 0 }
        && present.Immutable == true == (wanted.Immutable == true)
        && Holds(present.Metadata.Labels, wanted.Metadata.Labels)
        && Holds(present.Metadata.Annotations, wanted.Metadata.Annotations)
        && present.Metadata.OwnerReferences?.Any(o => o.Uid == wanted.Metadata.OwnerReferences[0].Uid) == true;

    private static bool Same(IDictionary<string, string>? present, IDictionary<string, string> wanted) =>
        present?.Count == wanted.Count && Holds(present, wanted);

    private static bool Holds(IDictionary<string, string>? present, IDictionary<string, string> wanted) =>
        wanted.All(w => present?.TryGetValue(w.Key, out var value) == true && value == w.Value);

    private V1ConfigMap Map(CachePolicy policy, SealedMap wanted)
    {
        var data = wanted.Data.ToDictionary(StringComparer.Ordinal);
        var map = new V1ConfigMap
        {
            Metadata = Owners.Metadata(policy, wanted.Name),
            Data = data,
            Immutable = wanted.IsImmutable ? true : null,
        };
        map.Metadata.Annotations = new Dictionary<string, string>
        {
            [Seal.Annotation] = seal.Of(policy.Metadata.Uid, wanted.Name, data),
        };
        if (wanted.Revision is not null)
        {
            map.Metadata.Labels[RevisionArchive.RevisionLabel] = wanted.Revision;
        }

        return marks.Sign(map, policy.Metadata.Name);
    }

    private async Task WriteAsync(V1ConfigMap present, V1ConfigMap wanted, CancellationToken cancellationToken)
    {
        if (present.Immutable == true && !(wanted.Immutable == true && Same(present.Data, wanted.Data)))
        {
            // Immutable, and not what is wanted: it can only be replaced.
            await writer.DeleteAsync<V1ConfigMap>(NamespacedName.Of(present), cancellationToken, present.Metadata.Uid);
            await writer.CreateAsync(wanted, cancellationToken);
            return;
        }

        // Onto the version that was seen, or not at all: of what was just written, an informer may not know yet.
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = present.Metadata.ResourceVersion,
                ["labels"] = Members(wanted.Metadata.Labels),
                ["annotations"] = Members(wanted.Metadata.Annotations),
                ["ownerReferences"] = Owner(present, wanted),
            },
            ["immutable"] = wanted.Immutable,
        };
        if (present.Immutable != true)
        {
            var data = Members(wanted.Data);
            foreach (var foreign in (present.Data ?? new Dictionary<string, string>()).Keys.Except(wanted.Data.Keys,
                StringComparer.Ordinal))
            {
                data[foreign] = null;
            }

            (patch["data"], patch["binaryData"]) = (data, null);
        }

        await writer.MergePatchAsync<V1ConfigMap>(NamespacedName.Of(present), patch.ToJsonString(), cancellationToken);
    }

    private static JsonObject Members(IDictionary<string, string> members) =>
        new(members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));

    private static JsonArray Owner(V1ConfigMap present, V1ConfigMap wanted)
    {
        var own = wanted.Metadata.OwnerReferences[0];
        var others = (present.Metadata.OwnerReferences ?? []).Where(o => o.Uid != own.Uid && o.Controller != true);
        return new JsonArray([.. others.Append(own).Select(o => JsonNode.Parse(k8s.KubernetesJson.Serialize(o)))]);
    }
}
