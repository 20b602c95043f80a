namespace CachePolicyOperator.Core.Rollout;

/// <summary>What the cache pods of a policy are seen to be able to do for an entry that leads to them.</summary>
/// <param name="Ready">Pods that would get traffic: ready, with a port of varnishd.</param>
/// <param name="Programmed">Of those, the ones that are where the rollout wants them.</param>
/// <param name="Unfit">Of those, the ones that may not serve.</param>
/// <param name="FitSince">Since when one of the programmed ones has been ready; null where none is.</param>
/// <param name="Blocked">Why none of them could answer a request, in words; null where they could.</param>
public sealed record CacheSight(int Ready, int Programmed, int Unfit, DateTimeOffset? FitSince, string? Blocked)
{
    public static CacheSight None { get; } = new(0, 0, 0, null, "no cache pod is known");

    /// <summary>Whether traffic may be led there from elsewhere.</summary>
    public bool MayTake => Blocked is null && Programmed > 0 && Unfit == 0;

    /// <summary>Whether traffic that is led there already is answered.</summary>
    public bool Answers => Blocked is null && Ready > 0;
}
