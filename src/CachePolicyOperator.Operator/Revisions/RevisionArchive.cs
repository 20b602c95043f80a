using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>
/// Proven revisions and what is in force, in sealed ConfigMaps beside their policy. What was damaged there is known all
/// the same: from this process, or from the copy; and it is put back.
/// </summary>
internal sealed class RevisionArchive(
    IEntityStore<V1ConfigMap> store, SealedMaps maps, ResourceWriter writer, TimeProvider time)
{
    public const string RevisionLabel = "cachepolicy.dev/revision";

    /// <summary>How many revisions are kept besides those in use.</summary>
    private const int Spare = 3;

    private const string VclKey = "default.vcl";
    private const string BypassKey = "bypass.vcl";
    private const string ProofKey = "proof.json";
    private const string InForceKey = "in-force.json";
    private const string SerialKey = "serial";

    private static readonly string[] RevisionKeys = [VclKey, BypassKey, ProofKey];
    private static readonly string[] RecordKeys = [InForceKey, SerialKey];

    private static readonly JsonSerializerOptions Json = new(RecordJson.Options)
    {
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WithKinds } },
    };

    private readonly ConcurrentDictionary<string, Record> _records = new();
    private readonly ConcurrentDictionary<(string Policy, Digest Digest), RevisionPackage> _texts = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    /// <summary>How many bytes of a ConfigMap it takes.</summary>
    public static int SizeOf(RevisionPackage text) => Size(Data(text));

    /// <inheritdoc cref="SizeOf(RevisionPackage)"/>
    public static int SizeOf(InForce inForce) => Size(Data(new Record(long.MaxValue, inForce)));

    /// <summary>Null where nothing was ever put in force, or where nobody knows any more what was.</summary>
    public InForce? FindInForce(CachePolicy policy) => Known(policy)?.InForce;

    /// <summary>Null where it is not kept, or was changed and is not known from before.</summary>
    public RevisionPackage? FindRevision(CachePolicy policy, Digest digest)
    {
        var known = _texts.GetValueOrDefault((policy.Metadata.Uid, digest));
        if (ReadRevision(policy, digest) is { } kept && kept != known)
        {
            _texts[(policy.Metadata.Uid, digest)] = kept;
            return kept;
        }

        return known;
    }

    /// <summary>
    /// Those of the revisions that look for the origin elsewhere than what is in force does. One that is not kept any
    /// more is none of them: nobody can tell.
    /// </summary>
    public EquatableList<Digest> DeadEnds(CachePolicy policy, RevisionPackage inForce, IEnumerable<Digest> revisions) =>
        revisions
            .Distinct()
            .Where(d => d != inForce.Proof.Digest
                && ReadRevision(policy, d) is { } kept
                && !OriginBlind.IsSameOrigin(kept.BypassVcl, inForce.BypassVcl))
            .OrderBy(d => d.ToString(), StringComparer.Ordinal)
            .ToEquatableList();

    /// <summary>Keeps what is proven, where it is not kept already. That puts nothing in force.</summary>
    public async Task<ArchiveReport> KeepAsync(
        CachePolicy policy, ProvenPolicy proven, CancellationToken cancellationToken)
    {
        var report = new ArchiveReport();
        await KeepTextAsync(policy, RevisionPackage.Of(proven.Revision, proven.Set, proven.Target), report,
            cancellationToken);
        return report;
    }

    /// <summary>
    /// Puts in force what the gate let through, or on trial. Its text is kept first, so that pods can be handed it; and
    /// where it cannot be kept, because somebody else has an object of that name, nothing changes.
    /// </summary>
    /// <param name="place">Where it belongs: <see cref="TrialGate.Admit"/>, of what is in force and it.</param>
    public async Task<ArchiveReport> PutInForceAsync(
        CachePolicy policy, AdmittedPolicy admitted, Func<InForce?, InForce, InForce> place,
        CancellationToken cancellationToken)
    {
        var report = await KeepAsync(policy, admitted.Proven, cancellationToken);
        if (report.NotOurs.Count == 0)
        {
            await ChangeAsync(policy, known => place(known, InForce.Of(admitted)), report, cancellationToken);
        }

        return report;
    }

    /// <summary>Changes what is in force, where something is; one change of a policy after the other.</summary>
    public async Task<ArchiveReport> ChangeAsync(
        CachePolicy policy, Func<InForce, InForce> change, CancellationToken cancellationToken)
    {
        var report = new ArchiveReport();
        await ChangeAsync(policy, known => known is null ? null : change(known), report, cancellationToken);
        return report;
    }

    private async Task ChangeAsync(
        CachePolicy policy, Func<InForce?, InForce?> change, ArchiveReport report, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(policy.Metadata.Uid, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            var known = Known(policy);
            if (change(known?.InForce) is not { } inForce)
            {
                return;
            }

            var record = known?.InForce == inForce
                ? known
                : new Record(Math.Max((known?.Serial ?? 0) + 1, time.GetUtcNow().ToUnixTimeMilliseconds()), inForce);
            await KeepRecordAsync(policy, record, record == known, report, cancellationToken);
            if (report.NotOurs.Count == 0)
            {
                _records[policy.Metadata.Uid] = record;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Puts back what is known to be in force, where somebody damaged or removed its records.</summary>
    public async Task<ArchiveReport> PutBackAsync(CachePolicy policy, CancellationToken cancellationToken)
    {
        var report = new ArchiveReport();
        if (Known(policy) is not { } known)
        {
            return report;
        }

        foreach (var digest in new[] { known.InForce.Revision,
            known.InForce.Trial?.Candidate.Revision }.OfType<Digest>().Distinct())
        {
            if (FindRevision(policy, digest) is { } text)
            {
                await KeepTextAsync(policy, text, report, cancellationToken);
            }
        }

        await ChangeAsync(policy, inForce => inForce, report, cancellationToken);
        return report;
    }

    /// <summary>Forgets what only this process knows of a policy that is gone.</summary>
    public void Forget(CachePolicy policy)
    {
        _records.TryRemove(policy.Metadata.Uid, out _);
        _turns.TryRemove(policy.Metadata.Uid, out _);
        Forget(policy, []);
    }

    /// <summary>Forgets the oldest revisions that nobody needs.</summary>
    public async Task PruneAsync(
        CachePolicy policy, IReadOnlyCollection<Digest?> inUse, CancellationToken cancellationToken)
    {
        Forget(policy, inUse);
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

    private void Forget(CachePolicy policy, IReadOnlyCollection<Digest?> but)
    {
        foreach (var key in _texts.Keys.Where(k => k.Policy == policy.Metadata.Uid && !but.Contains(k.Digest)))
        {
            _texts.TryRemove(key, out _);
        }
    }

    private static string InForceName(CachePolicy policy) => Names.Child(policy.Metadata.Name, "in-force");

    private static string CopyName(CachePolicy policy) => Names.Child(policy.Metadata.Name, "in-force-copy");

    private static string RevisionName(CachePolicy policy, Digest digest) =>
        Names.Child(policy.Metadata.Name, $"rev-{Digits(digest)}");

    private static string Digits(Digest digest) => digest.Hex[..16];

    /// <summary>
    /// The newest of what this process knows and what the record and its copy say: an older one that somebody pasted in
    /// holds nowhere.
    /// </summary>
    private Record? Known(CachePolicy policy)
    {
        _records.TryGetValue(policy.Metadata.Uid, out var known);
        foreach (var name in new[] { InForceName(policy), CopyName(policy) })
        {
            if (maps.Find(policy, name, RecordKeys) is { } map
                && long.TryParse(map.Data[SerialKey], NumberStyles.None, CultureInfo.InvariantCulture, out var serial)
                && serial > (known?.Serial ?? 0)
                && Read<InForce>(map, InForceKey) is { } inForce)
            {
                known = new Record(serial, inForce);
                _records[policy.Metadata.Uid] = known;
            }
        }

        return known;
    }

    private RevisionPackage? ReadRevision(CachePolicy policy, Digest digest) =>
        maps.Find(policy, RevisionName(policy, digest), RevisionKeys) is { Data: { } data } map
        && Read<ProofRecord>(map, ProofKey) is { } proof
        && proof.Digest == digest
        && Digest.Of(data[VclKey]) == digest
            ? new RevisionPackage(data[VclKey], proof, data[BypassKey])
            : null;

    private async Task KeepTextAsync(
        CachePolicy policy, RevisionPackage text, ArchiveReport report, CancellationToken cancellationToken)
    {
        var digest = text.Proof.Digest;
        var map = new SealedMap(RevisionName(policy, digest), Data(text), Digits(digest), IsImmutable: true);
        var wasKept = _texts.ContainsKey((policy.Metadata.Uid, digest));
        report.Add(map.Name, await maps.KeepAsync(policy, map, wasKept, cancellationToken));
    }

    private async Task KeepRecordAsync(
        CachePolicy policy, Record record, bool wasKept, ArchiveReport report, CancellationToken cancellationToken)
    {
        var data = Data(record);
        foreach (var name in new[] { InForceName(policy), CopyName(policy) })
        {
            report.Add(name, await maps.KeepAsync(policy, new SealedMap(name, data), wasKept, cancellationToken));
        }
    }

    private static Dictionary<string, string> Data(RevisionPackage text) => new()
    {
        [VclKey] = text.Vcl,
        [BypassKey] = text.BypassVcl,
        [ProofKey] = JsonSerializer.Serialize(text.Proof, Json),
    };

    private static Dictionary<string, string> Data(Record record) => new()
    {
        [InForceKey] = JsonSerializer.Serialize(record.InForce, Json),
        [SerialKey] = record.Serial.ToString(CultureInfo.InvariantCulture),
    };

    private static int Size(Dictionary<string, string> data) => data.Values.Sum(Encoding.UTF8.GetByteCount);

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
            info.Type == typeof(CacheWorkload)
                ? [new(typeof(AdoptedWorkload), "adopted"), new(typeof(ManagedWorkload), "managed")]
            : info.Type == typeof(Entrypoint)
                ? [new(typeof(ServiceEntrypoint), "service"), new(typeof(IngressEntrypoint), "ingress"),
                new(typeof(HttpRouteEntrypoint), "httpRoute")]
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

    /// <summary>What is in force, and how new that is.</summary>
    private sealed record Record(long Serial, InForce InForce);
}
