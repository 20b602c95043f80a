namespace CachePolicyOperator.Core.Rollout;

/// <summary>How far the pods of a policy are.</summary>
public sealed record RolloutSummary(
    int Total,
    int Reached,
    int Programmed,
    int Serving,
    int Watching,
    EquatableList<string> Unreached,
    EquatableList<string> Behind)
{
    /// <summary>Every pod is where it should be, and there is one.</summary>
    public bool IsComplete => Total > 0 && Programmed == Total;

    /// <summary>Every pod is watched, and there is one.</summary>
    public bool IsGuarded => Total > 0 && Watching == Total;

    internal static RolloutSummary Of(IReadOnlyCollection<(PodObservation Pod, PodTarget Wanted)> pods)
    {
        var there = pods.Where(p => PodSteps.IsThere(p.Wanted, p.Pod.Status)).Select(p => p.Pod.Pod).ToHashSet();
        return new RolloutSummary(
            pods.Count,
            pods.Count(p => p.Pod.Status is not null),
            there.Count,
            pods.Count(p => PodSteps.MayServe(p.Wanted, p.Pod.Status) == true),
            pods.Count(p => p.Pod.Status is { Watching: true } status && status.GuardDigest == p.Wanted.Guard),
            pods.Where(p => p.Pod.Status is null).Select(p => p.Pod.Pod).ToEquatableList(),
            pods.Where(p => p.Pod.Status is not null && !there.Contains(p.Pod.Pod)).Select(p => p.Pod.Pod)
                .ToEquatableList());
    }
}
