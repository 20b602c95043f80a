namespace CachePolicyOperator.Entities;

/// <summary>A named set of requests and what the cache does with them.</summary>
public sealed class RuleSpec : SpecPart
{
    /// <summary>Name of the rule, once in the policy.</summary>
    public string? Name { get; set; }

    /// <summary>Which requests.</summary>
    public MatchSpec? Match { get; set; }

    /// <summary>Which of `spec.origins` answers them, cached or passed; `spec.origin` unless told.</summary>
    public string? Origin { get; set; }

    /// <summary>
    /// `WebSocket`: a GET that asks for a web socket gets a connection of its own to the origin, whatever goes over it,
    /// until one of the two ends it or nothing goes for `pipe_timeout` of varnishd, one minute unless told. Unless told
    /// it is passed, which the origin refuses. Only without `cache` and `synthetic`.
    /// </summary>
    public string? Upgrade { get; set; }

    /// <summary>How they are cached; without it and `synthetic` they are passed.</summary>
    public CachingSpec? Cache { get; set; }

    /// <summary>What they are answered with by the cache itself, whatever their method.</summary>
    public SyntheticSpec? Synthetic { get; set; }

    /// <summary>What is changed of responses on their way to the client, on top of `spec.response`.</summary>
    public ResponseSpec? Response { get; set; }
}

/// <summary>How long a response is fresh and what tells two responses of one path apart.</summary>
public sealed class CachingSpec : SpecPart
{
    /// <summary>
    /// How long a response is fresh, for example `1h`; or `FromOrigin`: what the origin says explicitly.
    /// </summary>
    public string? Ttl { get; set; }

    /// <summary>Upper bound of what the origin may say; one day unless told. Only with `ttl: FromOrigin`.</summary>
    public string? MaxTtl { get; set; }

    /// <summary>Lower bound of what the origin may say. Only with `ttl: FromOrigin`.</summary>
    public string? MinTtl { get; set; }

    /// <summary>
    /// How long a response is fresh of which the origin says nothing; without, it is not stored. Only with `ttl:
    /// FromOrigin`.
    /// </summary>
    public string? DefaultTtl { get; set; }

    /// <summary>
    /// How long responses of some statuses are fresh, instead of all that; `0s`: they are not stored.
    /// </summary>
    public IList<StatusTtlSpec>? StatusTtls { get; set; }

    /// <summary>
    /// How long a response is kept after that, to ask the origin whether it has changed (`If-None-Match`). Unless told
    /// `10s` with `ttl: FromOrigin`, else `0s`.
    /// </summary>
    public string? Keep { get; set; }

    /// <summary>
    /// How long a response may be served stale while a new one is fetched. Unless told: with `ttl: FromOrigin` what the
    /// origin says (`stale-while-revalidate`), at most `maxTtl`, else `0s`.
    /// </summary>
    public string? Grace { get; set; }

    /// <summary>
    /// How long a response may be served stale while the origin's `probe` finds it not well, instead of `grace`, which
    /// is `0s` beside it unless told. The origin must have a `probe`.
    /// </summary>
    public string? GraceIfSick { get; set; }

    /// <summary>
    /// What a request gets that brings an identity cookie: `Pass`, the default, its own answer of the origin; `Ignore`,
    /// as for assets, the copy that everybody gets. Where no identity cookie is declared, every cookie counts.
    /// `Authorization`, identity headers and identity query parameters always pass.
    /// </summary>
    public string? Identity { get; set; }

    /// <summary>Requests that are passed although the rule matches them.</summary>
    public BypassSpec? Bypass { get; set; }

    /// <summary>
    /// Whether text (HTML, style sheets, scripts, JSON, XML, SVG) that the origin sends unpacked is stored and sent
    /// packed to clients that take gzip; `false` unless told.
    /// </summary>
    public bool? Compress { get; set; }

    /// <summary>
    /// Whether a page that is stored is put together for each client of fragments (`esi:include`), each a request of
    /// its own that is cached or passed by the rule that matches it; `false` unless told. The origin is told by
    /// `Surrogate-Capability`. What is passed is not put together, and nobody keeps what is.
    /// </summary>
    public bool? Esi { get; set; }

    /// <summary>What else is in the cache key.</summary>
    public KeySpec? Key { get; set; }
}

/// <summary>How long a response of a status is fresh.</summary>
public sealed class StatusTtlSpec : SpecPart
{
    /// <summary>200, 301, 308, 404 or 410; others are never stored.</summary>
    public long? Status { get; set; }

    /// <summary>For example `10s`.</summary>
    public string? Ttl { get; set; }
}
