using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Managed;

/// <summary>
/// Owns the workload of policies that ask for a managed one: Deployment, Service and PodDisruptionBudget, and the condition
/// WorkloadReady. What somebody else changes of what was made is put back.
/// </summary>
internal sealed class ManagedWorkloadController(
    RevisionArchive archive,
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1Service> services,
    IOperatorSecrets secrets,
    KubernetesApi api,
    BudgetVersion budgets,
    ResourceWriter writer,
    PolicyStatusWriter status,
    EventPublisher publish,
    CacheImages images,
    ManagedLimits limits,
    ForeignObjects foreign,
    TimeProvider time) : IEntityController<CachePolicy>
{
    /// <summary>Digest of what was applied: a field that is left out since is removed by applying again.</summary>
    private const string AppliedAnnotation = "cachepolicy.dev/applied";

    /// <summary>Budgets are not followed, so a budget that somebody removed is back after this time.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, long> _budgets = new();

    /// <summary>What the API server made of what was put back, where it was not what was wanted: that is not written again and again.</summary>
    private readonly ConcurrentDictionary<string, string> _altered = new();

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        await secrets.Loaded.WaitAsync(cancellationToken);
        if (archive.FindInForce(entity)?.Cache is not ManagedWorkload workload)
        {
            if (entity.Status.Find(PolicyConditions.WorkloadReady) is not null)
            {
                await status.WriteAsync(entity, StatusPart.Workload, new CachePolicyStatus(), cancellationToken);
            }

            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        if (limits.Check(workload).FirstOrDefault() is { } over)
        {
            await SayAsync(entity, false, "NotAllowed", $"what was made before is left as it is: {over}", cancellationToken);
            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        try
        {
            var (ready, reason, message) = await MakeAsync(entity, workload, cancellationToken);
            await SayAsync(entity, ready, reason, message, cancellationToken);
            return ReconciliationResult<CachePolicy>.Success(entity, LookAgain);
        }
        catch (ApiException refusal) when (refusal.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
        {
            // A quota, an admission policy, a role: only a person can change it, so a person is told.
            await SayAsync(entity, false, "Refused", refusal.Message, cancellationToken);
            return ReconciliationResult<CachePolicy>.Failure(entity, refusal.Message, refusal);
        }
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    private async Task<(bool Ready, string Reason, string Message)> MakeAsync(
        CachePolicy policy, ManagedWorkload workload, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(policy.Metadata.NamespaceProperty, ManagedObjects.Name(policy));
        var present = deployments.Find(key);
        var problem = await ApplyAsync(policy, ManagedObjects.Deployment(policy, workload, images), present, cancellationToken)
            ?? await ApplyAsync(policy, ManagedObjects.Service(policy), services.Find(key), cancellationToken);
        await ApplyBudgetAsync(policy, workload, cancellationToken);
        if (problem is { } found)
        {
            return (false, found.Reason, found.Message);
        }

        var failure = present?.Status?.Conditions?.FirstOrDefault(c => c is { Type: "ReplicaFailure", Status: "True" });
        return failure is null
            ? (true, "Made", $"Deployment `{key.Name}` is as the policy says")
            : (false, failure.Reason ?? "ReplicaFailure", $"pods of Deployment `{key.Name}` are refused: {failure.Message}");
    }

    private Task<bool> SayAsync(CachePolicy entity, bool ready, string reason, string message, CancellationToken cancellationToken) =>
        status.WriteAsync(entity, StatusPart.Workload, new CachePolicyStatus
        {
            Conditions =
            [
                StatusConditions.Of(
                    entity.Status?.Conditions, PolicyConditions.WorkloadReady, ready, reason, message, entity.Metadata.Generation, time.GetUtcNow()),
            ],
        }, cancellationToken);

    /// <summary>Null where the object is as it has to be.</summary>
    private async Task<(string Reason, string Message)?> ApplyAsync<T>(
        CachePolicy policy, T wanted, T? present, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var subject = $"{typeof(T).Name[2..]} `{wanted.Metadata.Name}`";
        var isForeign = present is not null && !Owners.IsMarkedFor(present, policy);
        foreign.Note(policy, subject, isForeign);
        if (isForeign)
        {
            return ("NotOurs", $"{subject} exists and is not the operator's; it is left alone");
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(wanted))))[..32];
        var drift = present is null ? null : Drift.Find(wanted, present);
        var isApplied = present?.Metadata.Annotations?.TryGetValue(AppliedAnnotation, out var applied) == true && applied == digest;
        if (isApplied && (drift is null || IsKnown(subject, policy, digest, drift)))
        {
            return drift is null ? null : Altered(subject, drift);
        }

        wanted.Metadata.Annotations[AppliedAnnotation] = digest;
        var left = await PutAsync(wanted, cancellationToken);
        if (isApplied)
        {
            await publish(policy, "WorkloadPutBack", $"somebody changed {drift} of {subject}; it is put back", EventType.Warning, cancellationToken);
        }

        if (left is null)
        {
            _altered.TryRemove($"{policy.Metadata.Uid} {subject}", out _);
            return null;
        }

        _altered[$"{policy.Metadata.Uid} {subject}"] = $"{digest} {left}";
        return Altered(subject, left);
    }

    private bool IsKnown(string subject, CachePolicy policy, string digest, string drift) =>
        _altered.TryGetValue($"{policy.Metadata.Uid} {subject}", out var known) && known == $"{digest} {drift}";

    private static (string Reason, string Message) Altered(string subject, string place) =>
        ("Altered", $"{place} of {subject} is not what the operator wrote: something in this cluster changes it at admission");

    /// <summary>Applies what is ours; where others put something beside it, replaces the part whole.</summary>
    /// <returns>Where it still differs, which is the doing of this cluster's admission.</returns>
    private async Task<string?> PutAsync<T>(T wanted, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var drift = Drift.Find(wanted, await writer.ApplyAsync(wanted, cancellationToken));
        return drift is null
            ? null
            : Drift.Find(wanted, await writer.JsonPatchAsync<T>(NamespacedName.Of(wanted), Whole(wanted), cancellationToken));
    }

    private static JsonPatchOperation[] Whole(object wanted) => wanted switch
    {
        V1Deployment deployment => [JsonPatchOperation.Replace("/spec/template/spec", Node(deployment.Spec.Template.Spec))],
        V1Service service =>
        [
            JsonPatchOperation.Replace("/spec/selector", Node(service.Spec.Selector)),
            JsonPatchOperation.Replace("/spec/ports", Node(service.Spec.Ports)),
        ],
        _ => throw new UnreachableException($"nothing is known of a {wanted.GetType().Name}"),
    };

    private static JsonNode? Node(object part) => JsonNode.Parse(KubernetesJson.Serialize(part));

    private async Task ApplyBudgetAsync(CachePolicy policy, ManagedWorkload workload, CancellationToken cancellationToken)
    {
        // Nothing reads budgets back, so what this process wrote a while ago is written again, which changes nothing where it is there.
        var key = $"{policy.Metadata.Uid} {workload.Replicas}";
        if (_budgets.TryGetValue(key, out var written) && time.GetElapsedTime(written) < LookAgain)
        {
            return;
        }

        _budgets[key] = time.GetTimestamp();

        try
        {
            var spec = new V1PodDisruptionBudgetSpec
            {
                MaxUnavailable = 1,
                Selector = new V1LabelSelector { MatchLabels = Workloads.CacheLabels(policy) },
            };
            var metadata = Owners.MarkedMetadata(policy, ManagedObjects.Name(policy));
            if (await budgets.AreStableAsync(cancellationToken))
            {
                await ApplyBudgetAsync(policy, new V1PodDisruptionBudget { Metadata = metadata, Spec = spec }, cancellationToken);
            }
            else
            {
                await ApplyBudgetAsync(policy, new DisruptionBudgetBeta { Metadata = metadata, Spec = spec }, cancellationToken);
            }
        }
        catch
        {
            _budgets.TryRemove(key, out _);
            throw;
        }
    }

    /// <summary>Where somebody else has a budget of that name, theirs stays.</summary>
    private async Task ApplyBudgetAsync<T>(CachePolicy policy, T budget, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var (space, name) = (budget.Metadata.NamespaceProperty, budget.Metadata.Name);
        var present = await FindMetadataAsync(ResourceType.Of<T>().Path(space, name), cancellationToken);
        var isForeign = present is not null && !Owners.IsMarkedFor(new V1PodDisruptionBudget { Metadata = present }, policy);
        foreign.Note(policy, $"PodDisruptionBudget `{name}`", isForeign);
        if (!isForeign)
        {
            await writer.ApplyAsync(budget, cancellationToken);
        }
    }

    private async Task<V1ObjectMeta?> FindMetadataAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var read = JsonDocument.Parse(await api.GetAsync(path, cancellationToken));
            return KubernetesJson.Deserialize<V1ObjectMeta>(read.RootElement.GetProperty("metadata").GetRawText());
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
