using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
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
/// Owns the workload of policies that ask for a managed one: Deployment, Service and PodDisruptionBudget, and the
/// condition WorkloadReady. What somebody else changes of what was made is put back; how many pods there are is left to
/// an autoscaler where one is pointed at the Deployment.
/// </summary>
internal sealed class ManagedWorkloadController(
    RevisionArchive archive,
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1Service> services,
    IOperatorSecrets secrets,
    IEntityStore<V1PodDisruptionBudget> budgets,
    IEntityStore<V1HorizontalPodAutoscaler> autoscalers,
    BudgetVersion budgetVersion,
    OwnerMarks marks,
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

    /// <summary>
    /// What the API server made of what was put back, where it was not what was wanted: that is not written again and
    /// again.
    /// </summary>
    private readonly ConcurrentDictionary<string, string> _altered = new();

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken)
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
            await SayAsync(
                entity, false, "NotAllowed", $"what was made before is left as it is: {over}", cancellationToken);
            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        try
        {
            var (ready, reason, message) = await MakeAsync(entity, workload, cancellationToken);
            await SayAsync(entity, ready, reason, message, cancellationToken);
            return ReconciliationResult<CachePolicy>.Success(entity);
        }
        catch (ApiException refusal) when (refusal.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
        {
            // A quota, an admission policy, a role: only a person can change it, so a person is told.
            await SayAsync(entity, false, "Refused", refusal.Message, cancellationToken);
            return ReconciliationResult<CachePolicy>.Failure(entity, refusal.Message, refusal);
        }
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(
        CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    private async Task<(bool Ready, string Reason, string Message)> MakeAsync(
        CachePolicy policy, ManagedWorkload workload, CancellationToken cancellationToken)
    {
        var key = new NamespacedName(policy.Metadata.NamespaceProperty, ManagedObjects.Name(policy));
        var present = deployments.Find(key);
        var problem = await ApplyAsync(
            policy, ManagedObjects.Deployment(policy, workload, images), present, cancellationToken)
            ?? await ApplyAsync(policy, ManagedObjects.Service(policy), services.Find(key), cancellationToken);
        await KeepBudgetAsync(policy, cancellationToken);
        if (problem is { } found)
        {
            return (false, found.Reason, found.Message);
        }

        var failure = present?.Status?.Conditions?.FirstOrDefault(c => c is { Type: "ReplicaFailure", Status: "True" });
        return failure is null
            ? (true, "Made", $"Deployment `{key.Name}` is as the policy says"
                + (AutoscalerOf(key) is { } autoscaler
                    ? $", but for its replicas, which HorizontalPodAutoscaler `{autoscaler}` sets" : ""))
            : (false, failure.Reason ?? "ReplicaFailure",
                $"pods of Deployment `{key.Name}` are refused: {failure.Message}");
    }

    private Task<bool> SayAsync(
        CachePolicy entity, bool ready, string reason, string message, CancellationToken cancellationToken) =>
        status.WriteAsync(entity, StatusPart.Workload, new CachePolicyStatus
        {
            Conditions =
            [
                StatusConditions.Of(
                    entity.Status?.Conditions, PolicyConditions.WorkloadReady, ready, reason, message,
                        entity.Metadata.Generation, time.GetUtcNow()),
            ],
        }, cancellationToken);

    /// <summary>Null where the object is as it has to be.</summary>
    private async Task<(string Reason, string Message)?> ApplyAsync<T>(
        CachePolicy policy, T wanted, T? present, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var subject = $"{typeof(T).Name[2..]} `{wanted.Metadata.Name}`";
        var isForeign = present is not null && !marks.IsMarkedFor(present, policy);
        foreign.Note(policy, subject, isForeign);
        if (isForeign)
        {
            return ("NotOurs", $"{subject} exists and is not the operator's; it is left alone");
        }

        marks.Sign(wanted, policy.Metadata.Name);
        var digest =
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(wanted))))[..32];
        if (wanted is V1Deployment made
            && present is V1Deployment live
            && AutoscalerOf(NamespacedName.Of(live)) is not null)
        {
            made.Spec.Replicas = live.Spec.Replicas;
        }

        var drift = present is null ? null : Drift.Find(wanted, present);
        var isApplied = present?.Metadata.Annotations?.TryGetValue(AppliedAnnotation, out var applied) == true
            && applied == digest;
        if (isApplied && (drift is null || IsKnown(subject, policy, digest, drift)))
        {
            return drift is null ? null : Altered(subject, drift);
        }

        wanted.Metadata.Annotations[AppliedAnnotation] = digest;
        var left = await PutAsync(wanted, cancellationToken);
        if (isApplied)
        {
            await PublishPutBackAsync(policy, drift!, subject, cancellationToken);
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
        ("Altered",
            $"{place} of {subject} is not what the operator wrote: something in this cluster changes it at admission");

    /// <summary>Applies what is ours; where others put something beside it, replaces the part whole.</summary>
    /// <returns>Where it still differs, which is the doing of this cluster's admission.</returns>
    private async Task<string?> PutAsync<T>(T wanted, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var drift = Drift.Find(wanted, await writer.ApplyAsync(wanted, cancellationToken));
        return drift is null
            ? null
            : Drift.Find(
                wanted, await writer.JsonPatchAsync<T>(NamespacedName.Of(wanted), Whole(wanted), cancellationToken));
    }

    private static JsonPatchOperation[] Whole(object wanted) => wanted switch
    {
        V1Deployment deployment =>
        [
            JsonPatchOperation.Replace("/spec/template/metadata/labels",
                Node(deployment.Spec.Template.Metadata.Labels)),
            JsonPatchOperation.Replace("/spec/template/spec", Node(deployment.Spec.Template.Spec)),
        ],
        V1Service service =>
        [
            JsonPatchOperation.Replace("/spec/selector", Node(service.Spec.Selector)),
            JsonPatchOperation.Replace("/spec/ports", Node(service.Spec.Ports)),
        ],
        _ => throw new UnreachableException($"nothing is known of a {wanted.GetType().Name}"),
    };

    private static JsonNode? Node(object part) => JsonNode.Parse(KubernetesJson.Serialize(part));

    /// <summary>
    /// A create, or its spec whole: an apply would leave what somebody put beside ours, and a budget with two bounds is
    /// none. Where somebody else has a budget of that name, theirs stays.
    /// </summary>
    private async Task KeepBudgetAsync(CachePolicy policy, CancellationToken cancellationToken)
    {
        var wanted = marks.Sign(ManagedObjects.Budget(policy), policy.Metadata.Name);
        var (key, present) = (NamespacedName.Of(wanted), budgets.Find(NamespacedName.Of(wanted)));
        var subject = $"PodDisruptionBudget `{key.Name}`";
        var isForeign = present is not null && !marks.IsMarkedFor(present, policy);
        foreign.Note(policy, subject, isForeign);
        if (isForeign)
        {
            return;
        }

        var isStable = await budgetVersion.AreStableAsync(cancellationToken);
        if (present is null)
        {
            await (isStable
                ? writer.CreateAsync(wanted, cancellationToken)
                : (Task)writer.CreateAsync(DisruptionBudgetBeta.Of(wanted), cancellationToken));
            return;
        }

        var drift = Drift.Find(wanted, present);
        if (drift is null && marks.Holds(present, policy.Metadata.Name))
        {
            return;
        }

        JsonPatchOperation[] patch =
        [
            JsonPatchOperation.Test("/metadata/uid", present.Metadata.Uid),
            JsonPatchOperation.Test("/metadata/resourceVersion", present.Metadata.ResourceVersion),
            JsonPatchOperation.Replace("/spec", Node(wanted.Spec)),
            JsonPatchOperation.Add("/metadata/annotations", Node(
                wanted.Metadata.Annotations.Concat(present.Metadata.Annotations ?? new Dictionary<string, string>())
                    .DistinctBy(a => a.Key).ToDictionary(StringComparer.Ordinal))),
        ];
        await (isStable
            ? writer.JsonPatchAsync<V1PodDisruptionBudget>(key, patch, cancellationToken)
            : (Task)writer.JsonPatchAsync<DisruptionBudgetBeta>(key, patch, cancellationToken));
        if (drift is not null)
        {
            await PublishPutBackAsync(policy, drift, subject, cancellationToken);
        }
    }

    private Task PublishPutBackAsync(
        CachePolicy policy, string drift, string subject, CancellationToken cancellationToken) => publish(
        policy, "WorkloadPutBack", $"somebody changed {drift} of {subject}; it is put back", EventType.Warning,
            cancellationToken);

    /// <summary>Name of an autoscaler that says how many pods the Deployment has; null where none does.</summary>
    private string? AutoscalerOf(NamespacedName deployment) => autoscalers
        .Where(a => a.Metadata.NamespaceProperty == deployment.Namespace
            && a.Metadata.DeletionTimestamp is null
            && a.Spec?.ScaleTargetRef is { Kind: "Deployment" } target
            && target.Name == deployment.Name
            && target.ApiVersion?.StartsWith("apps/", StringComparison.Ordinal) != false)
        .Select(a => a.Metadata.Name)
        .FirstOrDefault();
}
