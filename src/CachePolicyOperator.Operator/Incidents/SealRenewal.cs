using System.Text.Json.Nodes;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Managed;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.LeaderElection;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Incidents;

/// <summary>
/// After a lost key, seals once what is there as it is: the loss must neither open what was closed nor make entries and
/// workloads somebody else's. What is in force is not believed without a seal; it comes from proofs again.
/// </summary>
internal sealed class SealRenewal(
    IEntityStore<V1Service> services,
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1PodDisruptionBudget> budgets,
    IEntityStore<CacheIncident> incidents,
    IncidentBook book,
    IncidentSeal seal,
    OwnerMarks marks,
    DeniedRevisions denied,
    BudgetVersion budgetVersion,
    ResourceWriter writer,
    NewSeal newSeal,
    TimeProvider time,
    ILogger<SealRenewal> logger) : ILeaderTask
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && await newSeal.IsNewAsync(cancellationToken))
        {
            try
            {
                await RenewAsync(cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                logger.RenewalFailed(error.Message);
                await Task.Delay(Retry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(services.Synced, deployments.Synced, budgets.Synced, incidents.Synced)
            .WaitAsync(cancellationToken);
        await MarkAsync<V1Service, V1Service>(services, cancellationToken);
        await MarkAsync<V1Deployment, V1Deployment>(deployments, cancellationToken);
        await (await budgetVersion.AreStableAsync(cancellationToken)
            ? MarkAsync<V1PodDisruptionBudget, V1PodDisruptionBudget>(budgets, cancellationToken)
            : MarkAsync<V1PodDisruptionBudget, DisruptionBudgetBeta>(budgets, cancellationToken));
        foreach (var incident in incidents.Where(i => i.Status?.Seal is not null && !seal.Holds(i)))
        {
            await book.WriteAsync(incident, IncidentController.Copy(incident.Status), cancellationToken);
        }

        await denied.SealAnewAsync(cancellationToken);
        // INVARIANT: only when all is sealed does nothing count any more that is not.
        await newSeal.EndAsync(cancellationToken);
    }

    private async Task MarkAsync<T, TWritten>(IEntityStore<T> store, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TWritten : class, IKubernetesObject<V1ObjectMeta>
    {
        foreach (var made in store.Where(e => Owners.PolicyOf(e) is { } policy && !marks.Holds(e, policy)))
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = made.Metadata.ResourceVersion,
                    ["annotations"] =
                        new JsonObject { [OwnerMarks.Annotation] = marks.Of(made, Owners.PolicyOf(made)!) },
                },
            };
            await writer.MergePatchAsync<TWritten>(NamespacedName.Of(made), patch.ToJsonString(), cancellationToken);
        }
    }
}
