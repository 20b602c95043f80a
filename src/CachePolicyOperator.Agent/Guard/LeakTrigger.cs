namespace CachePolicyOperator.Agent.Guard;

/// <summary>The stable codes of the tripwires.</summary>
internal static class LeakTrigger
{
    /// <summary>A response to a personal request came from the cache.</summary>
    public const string Served = "hit/personal";

    /// <summary>A personal request found an object in the cache, and the VCL did not deliver it.</summary>
    public const string Guarded = "hit/guarded";

    /// <summary>A probe of a trial was answered what it may not be.</summary>
    public const string Probe = "probe/answered";

    /// <summary>The response to a personal request was stored.</summary>
    public const string Stored = "stored/personal";
}
