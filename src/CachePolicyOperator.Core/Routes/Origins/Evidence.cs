namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>How we know that an origin behaves so.</summary>
public enum Evidence
{
    /// <summary>Its documentation or source says so.</summary>
    Documented,

    /// <summary>
    /// The real thing was driven with targets that show it, see <c>docs/origin-profiles.md</c>; a test holds the
    /// profile to what it did.
    /// </summary>
    Tried,
}
