using System.Diagnostics;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Runtime.Acts;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>Carries out orders to one agent, each as one act through the seam, until the first that fails.</summary>
internal sealed class AgentExecutor(IAgentClient client, IActSeam seam, AgentAddress address)
{
    private readonly string _target = $"Pod {address.Namespace}/{address.Pod}";

    public async Task CarryOutAsync(
        PodMandate mandate, EquatableList<PodOrder> orders, CancellationToken cancellationToken)
    {
        foreach (var order in orders)
        {
            var (act, perform) = Prepare(mandate, order);
            await seam.PerformAsync(act, perform, cancellationToken);
        }
    }

    public Task InvalidateAsync(StoredPages pages, CancellationToken cancellationToken) =>
        seam.PerformAsync(
            new Act("agent/invalidate", _target), token => client.InvalidateAsync(pages, token), cancellationToken);

    private (Act Act, Func<CancellationToken, Task> Perform) Prepare(PodMandate mandate, PodOrder order) => order switch
    {
        GuardOrder => (new Act("agent/guard", _target), token => client.PutGuardAsync(mandate.Guard!, token)),
        LoadOrder load => (
            new Act("agent/load", _target, load.Digest.Abbreviated),
            token => client.LoadAsync(mandate.Revision!, token)),
        ActivateOrder activate => (
            new Act("agent/activate", _target, activate.Digest.Abbreviated),
            token => client.ActivateAsync(activate.Digest, token)),
        SetLevelOrder level => (
            new Act("agent/level", _target, level.Level.ToString()),
            token => client.SetLevelAsync(new LevelOrder(level.Level, mandate.Reason, level.AcknowledgesEvent), token)),
        TryOrder trial => (
            new Act("agent/trial", _target, trial.Trial), token => client.PutTrialAsync(mandate.Trial!, token)),
        EndTrialOrder => (new Act("agent/trial", _target, "end"), client.EndTrialAsync),
        PurgeOrder => (new Act("agent/purge", _target), client.PurgeAsync),
        _ => throw new UnreachableException($"no order of type {order.GetType().Name}"),
    };
}
