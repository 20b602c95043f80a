namespace CachePolicyOperator.Runtime.LeaderElection;

/// <summary>
/// Work that only the leader does. Started with each term of leadership; must return soon after the term's token is
/// cancelled.
/// </summary>
public interface ILeaderTask
{
    Task RunAsync(CancellationToken cancellationToken);
}
