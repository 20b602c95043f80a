using System.Net;
using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Managed;

/// <summary>
/// Lets go of the workload of a policy that was deleted, once no entry leads to its pods. It is given to the policy
/// that is gone, and so collected by Kubernetes: the operator needs no right to delete workloads.
/// </summary>
internal sealed class LeftWorkloadController(
    PolicyPresence policies, IEntityStore<V1Service> services, OwnerMarks marks, BudgetVersion budgets,
        ResourceWriter writer) : IEntityController<V1Deployment>
{
    public async Task<ReconciliationResult<V1Deployment>> ReconcileAsync(
        V1Deployment entity, CancellationToken cancellationToken)
    {
        await marks.Ready.WaitAsync(cancellationToken);
        if (Owners.PolicyOf(entity) is not { } name
            || Owners.UidOf(entity) is not { } uid
            || entity.Metadata.Name != Names.ManagedCache(name)
            || entity.Metadata.DeletionTimestamp is not null
            || !marks.Holds(entity, name)
            || entity.Metadata.OwnerReferences?.Any(o => o.Uid == uid) == true
            || await policies.IsThereAsync(
                new NamespacedName(entity.Metadata.NamespaceProperty, name), cancellationToken)
            || IsLedTo(entity.Metadata.NamespaceProperty, name))
        {
            return ReconciliationResult<V1Deployment>.Success(entity);
        }

        var key = NamespacedName.Of(entity);
        await (await budgets.AreStableAsync(cancellationToken)
            ? GiveAsync<V1PodDisruptionBudget>(key, name, uid, cancellationToken)
            : GiveAsync<DisruptionBudgetBeta>(key, name, uid, cancellationToken));
        await GiveAsync<V1Service>(key, name, uid, cancellationToken);
        // Last, for its owner says that all is done.
        await GiveAsync<V1Deployment>(key, name, uid, cancellationToken);
        return ReconciliationResult<V1Deployment>.Success(entity);
    }

    public Task<ReconciliationResult<V1Deployment>> DeletedAsync(
        V1Deployment entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<V1Deployment>.Success(entity));

    private bool IsLedTo(string inNamespace, string policy) => services
        .Where(s => s.Metadata.NamespaceProperty == inNamespace
            && Owners.PolicyOf(s) == policy
            && s.Metadata.Annotations?.TryGetValue(EntryMetadata.Target, out var target) == true
            && target == nameof(EntryTarget.Cache))
        .Count > 0;

    private async Task GiveAsync<T>(NamespacedName key, string policy, string uid, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        JsonPatchOperation[] patch =
        [
            JsonPatchOperation.Test(JsonPatchOperation.Annotation(EntryMetadata.PolicyUid), uid),
            JsonPatchOperation.Test(JsonPatchOperation.Annotation(OwnerMarks.Annotation), marks.Of<T>(key, policy)),
            JsonPatchOperation.Add(
                "/metadata/ownerReferences",
                new JsonArray(JsonNode.Parse(KubernetesJson.Serialize(Owners.Reference(policy, uid))))),
        ];
        try
        {
            await writer.JsonPatchAsync<T>(key, patch, cancellationToken);
        }
        catch (ApiException error) when (
            error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity)
        {
            // Gone already, by whomever; or somebody else's by that name.
        }
    }
}
