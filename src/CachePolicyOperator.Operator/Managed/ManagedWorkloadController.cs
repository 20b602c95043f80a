using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Managed;

/// <summary>Owns the workload of policies that ask for a managed one: Deployment, Service and PodDisruptionBudget.</summary>
internal sealed class ManagedWorkloadController(
    RevisionArchive archive,
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1Service> services,
    IOperatorSecrets secrets,
    KubernetesApi api,
    ResourceWriter writer,
    EventPublisher publish,
    CacheImages images) : IEntityController<CachePolicy>
{
    /// <summary>Digest of what was applied, so that an unchanged object is not written again.</summary>
    private const string AppliedAnnotation = "cachepolicy.dev/applied";

    private readonly ConcurrentDictionary<string, bool> _budgets = new();
    private bool? _hasStableBudgets;

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        await secrets.Loaded.WaitAsync(cancellationToken);
        if (archive.FindInForce(entity)?.Cache is not ManagedWorkload workload)
        {
            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        var key = new NamespacedName(entity.Metadata.NamespaceProperty, ManagedObjects.Name(entity));
        await ApplyAsync(entity, ManagedObjects.Deployment(entity, workload, images), deployments.Find(key), cancellationToken);
        await ApplyAsync(entity, ManagedObjects.Service(entity), services.Find(key), cancellationToken);
        await ApplyBudgetAsync(entity, workload, cancellationToken);
        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    private async Task ApplyAsync<T>(CachePolicy policy, T wanted, T? present, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (present is not null && !Owners.IsOwnedBy(present, policy))
        {
            await publish(
                policy, "WorkloadNotOurs", $"{present.Kind} `{present.Metadata.Name}` exists and is not the operator's; it is left alone",
                EventType.Warning, cancellationToken);
            return;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(wanted))))[..32];
        if (present?.Metadata.Annotations?.TryGetValue(AppliedAnnotation, out var applied) == true && applied == digest)
        {
            return;
        }

        wanted.Metadata.Annotations = new Dictionary<string, string> { [AppliedAnnotation] = digest };
        await writer.ApplyAsync(wanted, cancellationToken);
    }

    private async Task ApplyBudgetAsync(CachePolicy policy, ManagedWorkload workload, CancellationToken cancellationToken)
    {
        // Nothing reads budgets back, so what this process wrote is not written again.
        var key = $"{policy.Metadata.Uid} {workload.Replicas}";
        if (!_budgets.TryAdd(key, true))
        {
            return;
        }

        try
        {
            var spec = new V1PodDisruptionBudgetSpec
            {
                MaxUnavailable = 1,
                Selector = new V1LabelSelector { MatchLabels = Workloads.CacheLabels(policy) },
            };
            var metadata = Owners.Metadata(policy, ManagedObjects.Name(policy));
            if (await HasStableBudgetsAsync(cancellationToken))
            {
                await writer.ApplyAsync(new V1PodDisruptionBudget { Metadata = metadata, Spec = spec }, cancellationToken);
            }
            else
            {
                await writer.ApplyAsync(new DisruptionBudgetBeta { Metadata = metadata, Spec = spec }, cancellationToken);
            }
        }
        catch
        {
            _budgets.TryRemove(key, out _);
            throw;
        }
    }

    private async Task<bool> HasStableBudgetsAsync(CancellationToken cancellationToken)
    {
        if (_hasStableBudgets is { } known)
        {
            return known;
        }

        try
        {
            await api.GetAsync("apis/policy/v1", cancellationToken);
            _hasStableBudgets = true;
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            _hasStableBudgets = false;
        }

        return _hasStableBudgets.Value;
    }
}
