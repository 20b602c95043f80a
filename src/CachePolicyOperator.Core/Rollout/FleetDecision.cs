namespace CachePolicyOperator.Core.Rollout;

/// <summary>How far a rollout is.</summary>
public enum RolloutPhase
{
    /// <summary>Nothing is in force yet.</summary>
    Waiting,

    /// <summary>Some pods try a revision before the others.</summary>
    Canary,

    /// <summary>The same, and a person holds it.</summary>
    Paused,

    /// <summary>A revision is not tried any more, for it leaked or a person ended it.</summary>
    Stopped,

    /// <summary>Pods are on their way to what is in force.</summary>
    Promoting,

    /// <summary>Every pod is where it should be.</summary>
    Done,
}

/// <summary>What becomes of the cache pods of a policy: the same for the same state and observations.</summary>
/// <param name="Active">The revision that every pod is seen to serve with.</param>
/// <param name="Previous">The one before it.</param>
public sealed record FleetDecision(
    RolloutPhase Phase, EquatableList<PodDecision> Pods, RolloutSummary Summary, Digest? Active, Digest? Previous)
{
    /// <summary>How far the trial is; null where none is under way.</summary>
    public TrialJudgement? Trial { get; init; }

    /// <summary>The pods that try it.</summary>
    public EquatableList<string> Canaries { get; init; } = [];

    /// <summary>Null for a pod that was not observed.</summary>
    public PodDecision? Of(string pod) => Pods.Items.FirstOrDefault(p => p.Pod == pod);
}

/// <summary>What one pod gets.</summary>
/// <param name="MayServe">Whether traffic may come to it; null where the pod cannot be reached.</param>
/// <param name="IsOnItsWayDown">It may not, only because the level was lowered and it still caches.</param>
public sealed record PodDecision(string Pod, PodTarget Target, bool? MayServe, bool IsOnItsWayDown);
