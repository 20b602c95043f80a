using System.Text.Json;
using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>Makes invalidations of what is asked for by request, and looks how far they are.</summary>
internal sealed class PurgeOrders(
    IEntityStore<CacheInvalidation> invalidations, ResourceWriter writer, TimeProvider time)
{
    // Applications purge all day long, and each record is an object in the cluster.
    private const int KeptFor = 60;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>The record that was made, or what is wrong with the spec: then there is none.</summary>
    public async Task<(NamespacedName? Made, IResult? Refusal)> OrderAsync(
        NamespacedName policy, JsonObject spec, CancellationToken cancellationToken)
    {
        spec["policy"] = policy.Name;
        spec["ttlSecondsAfterFinished"] ??= KeptFor;
        var name = $"{policy.Name[..Math.Min(policy.Name.Length, 240)]}-{Guid.NewGuid().ToString("N")[..10]}";
        var document = new JsonObject
        {
            ["apiVersion"] = ApiGroup.NameAndVersion,
            ["kind"] = CacheInvalidation.KubeKind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = policy.Namespace },
            ["spec"] = spec,
        };
        var documents = EntityDocuments.Of(JsonSerializer.SerializeToElement(document));
        var diagnostics = documents.Documents.Count == 1
            ? InvalidationReader.Read(documents.Documents[0]).Diagnostics
            : documents.Diagnostics;
        string[] errors = [.. diagnostics.Items.Where(d => d.Severity == Severity.Error).Select(d => d.ToString())];
        if (errors.Length > 0)
        {
            return (null, PurgeRefusals.NothingInvalidated(errors));
        }

        var made = await writer.CreateAsync(
            KubernetesJson.Deserialize<CacheInvalidation>(document.ToJsonString()), cancellationToken);
        return (NamespacedName.Of(made), null);
    }

    /// <summary>How far it is when it has ended, or when the wait is over.</summary>
    public async Task<PurgeProgress> ProgressAsync(
        NamespacedName name, TimeSpan wait, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        CacheInvalidationStatus? status;
        while ((status = invalidations.Find(name)?.Status)?.FinishedAt is null && time.GetElapsedTime(began) < wait)
        {
            await Task.Delay(LookAgain, time, cancellationToken);
        }

        return new PurgeProgress(
            name.Name, name.Namespace, status?.Phase ?? "Running", status?.Confirmed ?? 0, status?.Total,
            status?.FinishedAt is not null);
    }
}
