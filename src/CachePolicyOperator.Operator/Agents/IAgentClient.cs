using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>Speaks with the agent of one pod. See <see cref="AgentApi"/>.</summary>
internal interface IAgentClient : IDisposable
{
    Task<AgentStatus> GetStatusAsync(CancellationToken cancellationToken);

    Task PutGuardAsync(GuardConfiguration guard, CancellationToken cancellationToken);

    Task LoadAsync(RevisionPackage revision, CancellationToken cancellationToken);

    Task ActivateAsync(Digest digest, CancellationToken cancellationToken);

    Task SetLevelAsync(LevelOrder order, CancellationToken cancellationToken);

    Task PutTrialAsync(TrialOrder trial, CancellationToken cancellationToken);

    Task EndTrialAsync(CancellationToken cancellationToken);

    Task PurgeAsync(CancellationToken cancellationToken);

    Task InvalidateAsync(StoredPages pages, CancellationToken cancellationToken);

    /// <summary>Events with a sequence above <paramref name="after"/>, until the connection ends.</summary>
    IAsyncEnumerable<AgentEvent> EventsAsync(long after, CancellationToken cancellationToken);
}
