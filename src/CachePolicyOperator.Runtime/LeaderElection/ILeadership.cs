namespace CachePolicyOperator.Runtime.LeaderElection;

/// <summary>Whether this replica is the one that works.</summary>
public interface ILeadership
{
    bool IsLeading { get; }
}
