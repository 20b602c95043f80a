namespace CachePolicyOperator.Entities;

/// <summary>An origin beside `spec.origin`, for the rules that name it.</summary>
public sealed class NamedOriginSpec : OriginSpec
{
    /// <summary>Name of the origin, once in the policy; a rule asks it with `origin: NAME`.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The host that the origin is asked for, cached and bypassed; it is told the client's as `X-Forwarded-Host`.
    /// Without, it is asked for the host that the client asked for.
    /// </summary>
    public string? Host { get; set; }

    /// <summary>
    /// The path that the origin is asked for, cached and bypassed; it is told the client's as `X-Forwarded-Uri`. What
    /// is personal, and what rules match, is the client's; what is personal by the origin's is passed as well. A
    /// redirect to a path of the origin is led back.
    /// </summary>
    public RewriteSpec? Rewrite { get; set; }

    /// <summary>
    /// Whether `spec.origin` answers what this origin is asked as well, or leads it on. Must be said where a rule asks
    /// it: where there is no cache (level `NoCache`, or no cache pod that answers) nothing knows the rules, and every
    /// request goes to `spec.origin`.
    /// </summary>
    public bool? CoveredByDefault { get; set; }
}

/// <summary>What an origin is asked for instead of a path and all below it; of whole segments.</summary>
public sealed class RewriteSpec : SpecPart
{
    /// <summary>
    /// The beginning that clients ask for, for example `/shop`; what does not begin so stays as it is.
    /// </summary>
    public string? Prefix { get; set; }

    /// <summary>The beginning that the origin is asked for instead, for example `/`: `/shop/x` becomes `/x`.</summary>
    public string? With { get; set; }
}
