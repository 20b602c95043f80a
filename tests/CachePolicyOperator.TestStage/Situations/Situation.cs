namespace CachePolicyOperator.TestStage.Situations;

/// <summary>Something that happens to a site that is cached, and what must then be so.</summary>
/// <param name="Play">Does it, and waits for what is to come of it; throws where that does not come.</param>
public sealed record Situation(string Name, Func<Scene, CancellationToken, Task> Play)
{
    /// <summary>Whether the cache pods are the team's own, instead of the operator's.</summary>
    public bool CacheOfTheirOwn { get; init; }

    /// <summary>Whether the stage cannot be used for another one afterwards.</summary>
    public bool BreaksStage { get; init; }

    public bool IsSlow { get; init; }

    /// <summary>The Deployment of a cache of their own, where it is another than usual.</summary>
    public string? Cache { get; init; }

    public override string ToString() => Name;
}
