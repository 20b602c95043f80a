using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Rollouts;

/// <summary>What the status of a policy says of each cache pod.</summary>
internal static class PodSights
{
    private const int Most = 50;
    private const int MostOfTrouble = 500;

    public static IList<RolloutPodStatus>? Of(IEnumerable<(string Pod, AgentStatus? Status, string? Trouble)> pods)
    {
        RolloutPodStatus[] seen = [.. pods.OrderBy(p => p.Pod, StringComparer.Ordinal).Take(Most)
            .Select(p => Of(p.Pod, p.Status, p.Trouble))];
        return seen.Length == 0 ? null : seen;
    }

    private static RolloutPodStatus Of(string pod, AgentStatus? status, string? trouble) => new()
    {
        Name = pod,
        Level = status?.Level.ToString(),
        Revision = status?.ServingDigest?.ToString(),
        Engine = status?.EngineVersion,
        Watching = status?.Watching,
        Trouble = trouble is { Length: > MostOfTrouble } ? trouble[..(MostOfTrouble - 1)] + "…" : trouble,
    };
}
