using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>What the policies themselves say: conditions, and agents by what the operator last saw of them.</summary>
internal static class PolicyCheck
{
    private const string Area = "policies";

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Examination examination, CancellationToken cancellationToken)
    {
        CachePolicy[] policies;
        try
        {
            policies = await examination.Cluster.PoliciesAsync(cancellationToken);
        }
        catch (ApiServerException e)
        {
            return [Finding.Note(Area, $"policies cannot be listed: {e.Message}")];
        }

        return policies.Length == 0
            ? [Finding.Note(Area, $"there is no CachePolicy in {examination.Cluster.Where}",
                "`-n` or `-A` says where to look")]
            : [.. policies.SelectMany(Of)];
    }

    private static IEnumerable<Finding> Of(CachePolicy policy)
    {
        var name = $"{policy.Metadata.NamespaceProperty}/{policy.Metadata.Name}";
        var status = $"`cachepolicy status {policy.Metadata.Name} -n {policy.Metadata.NamespaceProperty}`";
        var conditions = policy.Status?.Conditions ?? [];
        if (conditions.Count == 0 || policy.Status?.ObservedGeneration < policy.Metadata.Generation)
        {
            yield return Finding.Problem(
                Area, $"{name}: no operator has looked at it{(conditions.Count == 0 ? "" : " since it was changed")}",
                "look whether the operator runs, and whether it follows this namespace (`watchNamespace`, "
                    + "`writeNamespaces`)");
        }

        var ill = conditions.Where(c => !Wellness.IsWell(c)).ToArray();
        foreach (var condition in ill)
        {
            yield return Finding.Problem(
                Area, $"{name}: {condition.Type} is {condition.Status}, {condition.Reason}: {condition.Message}",
                $"{status} shows it; docs/runbook.md says what to do where `{condition.Type}` is not well");
        }

        var pods = policy.Status?.Rollout?.Pods?.Seen ?? [];
        foreach (var pod in pods.Where(p => p.Level is null || p.Watching is not true || p.Trouble is not null))
        {
            yield return Finding.Problem(
                Area,
                $"{name}: agent of pod {pod.Name}: "
                    + $"{pod.Trouble ?? (pod.Level is null ? "cannot be asked" : "does not watch its responses")}",
                $"`kubectl logs -n {policy.Metadata.NamespaceProperty} {pod.Name} -c agent`");
        }

        if (ill.Length == 0 && conditions.Count > 0)
        {
            yield return Finding.Well(Area,
                $"{name} is {policy.Status?.Level ?? "-"}, {pods.Count} agents tell of themselves");
        }
    }
}
