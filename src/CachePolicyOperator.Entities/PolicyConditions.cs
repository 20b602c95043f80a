namespace CachePolicyOperator.Entities;

/// <summary>Types of the conditions of a <see cref="CachePolicy"/>.</summary>
public static class PolicyConditions
{
    /// <summary>The policy was read and every reference found.</summary>
    public const string Accepted = "Accepted";

    /// <summary>A proof stands for the current spec.</summary>
    public const string Proven = "Proven";

    /// <summary>
    /// The revision of the current spec is reviewed as is demanded; absent where nobody demands a review.
    /// </summary>
    public const string Reviewed = "Reviewed";

    /// <summary>Every object that the operator keeps for the policy by a name of its own is its own.</summary>
    public const string ObjectsOwned = "ObjectsOwned";

    /// <summary>Every cache pod serves with the proven revision.</summary>
    public const string Programmed = "Programmed";

    /// <summary>Every cache pod watches its responses.</summary>
    public const string Guarded = "Guarded";

    /// <summary>Pods and entries are seen to do what is wanted.</summary>
    public const string LevelReached = "LevelReached";

    /// <summary>The topology without the cache exists and has ready endpoints.</summary>
    public const string FallbackReady = "FallbackReady";

    /// <summary>A managed cache is made as the policy says; absent where the workload is the team's own.</summary>
    public const string WorkloadReady = "WorkloadReady";

    /// <summary>
    /// No object of others leads around what is proven: routes and Services to the cache pods, other caches in the
    /// path, a workload that serves without the agent.
    /// </summary>
    public const string Enclosed = "Enclosed";

    /// <summary>
    /// The origin itself answers personal routes with `no-store` or `private`; absent while no answer was seen, or
    /// where `guard.originContract` is `Ignore`.
    /// </summary>
    public const string OriginContract = "OriginContract";

    /// <summary>An incident is open.</summary>
    public const string Incident = "Incident";
}
