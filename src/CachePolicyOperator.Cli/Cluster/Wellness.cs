using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>Which conditions of a policy say that all is well.</summary>
internal static class Wellness
{
    /// <summary>An incident is the one thing that had better not be.</summary>
    public static bool IsWell(Condition condition) =>
        condition.Status == (condition.Type == PolicyConditions.Incident ? "False" : "True");
}
