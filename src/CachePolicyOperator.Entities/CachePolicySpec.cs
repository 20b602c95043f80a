namespace CachePolicyOperator.Entities;

/// <summary>What the team wants cached, for which hosts, in front of which origin.</summary>
public sealed class CachePolicySpec : SpecPart
{
    /// <summary>Host names that the policy answers for, without a port. No wildcards.</summary>
    public IList<string>? Hosts { get; set; }

    /// <summary>
    /// The service behind the cache: for all that no rule leads elsewhere, and for everything where there is no cache.
    /// </summary>
    public OriginSpec? Origin { get; set; }

    /// <summary>Other services behind the cache, for the rules that name one.</summary>
    public IList<NamedOriginSpec>? Origins { get; set; }

    /// <summary>The pods that run Varnish.</summary>
    public CacheSpec? Cache { get; set; }

    /// <summary>What clients reach and what the fallback switches; at least one.</summary>
    public IList<EntrypointSpec>? Entrypoints { get; set; }

    /// <summary>Which requests belong to one person, and what says who asks.</summary>
    public PersonalSpec? Personal { get; set; }

    /// <summary>What is cached. The first rule that matches decides; what no rule matches is passed.</summary>
    public IList<RuleSpec>? Rules { get; set; }

    /// <summary>What is changed of every response on its way to the client; a rule may say more.</summary>
    public ResponseSpec? Response { get; set; }

    /// <summary>Hand-written VCL instead of rules. The same proof and the same gates apply.</summary>
    public VclSpec? Vcl { get; set; }

    /// <summary>How a new revision reaches the pods.</summary>
    public RolloutSpec? Rollout { get; set; }

    /// <summary>What is watched, and what happens by itself on a leak.</summary>
    public GuardSpec? Guard { get; set; }

    /// <summary>How the fallback acts.</summary>
    public FallbackSpec? Fallback { get; set; }

    /// <summary>Who must have reviewed a revision before it serves.</summary>
    public ReviewSpec? Review { get; set; }
}
