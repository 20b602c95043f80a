namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>How we know that an origin behaves so.</summary>
public enum Evidence
{
    /// <summary>Its documentation or source says so.</summary>
    Documented,

    /// <summary>A test of ours drives the real thing.</summary>
    Tried,
}
