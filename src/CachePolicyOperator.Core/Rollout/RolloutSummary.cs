namespace CachePolicyOperator.Core.Rollout;

/// <summary>How far the pods of a policy are.</summary>
public sealed record RolloutSummary(
    int Total, int Reached, int Programmed, int Serving, int Watching, EquatableList<string> Unreached, EquatableList<string> Behind)
{
    public static RolloutSummary Of(RolloutGoal goal, IReadOnlyCollection<PodObservation> pods) => new(
        pods.Count,
        pods.Count(p => p.Status is not null),
        pods.Count(p => RolloutPlanner.IsProgrammed(goal, p)),
        pods.Count(p => RolloutPlanner.MayServe(goal, p) == true),
        pods.Count(p => p.Status is { Watching: true } status && status.GuardDigest == goal.Guard),
        pods.Where(p => p.Status is null).Select(p => p.Pod).ToEquatableList(),
        pods.Where(p => p.Status is not null && !RolloutPlanner.IsProgrammed(goal, p)).Select(p => p.Pod).ToEquatableList());

    /// <summary>Every pod is where it should be, and there is one.</summary>
    public bool IsComplete => Total > 0 && Programmed == Total;

    /// <summary>Every pod is watched, and there is one.</summary>
    public bool IsGuarded => Total > 0 && Watching == Total;
}
