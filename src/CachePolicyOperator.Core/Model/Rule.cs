using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Model;

/// <summary>
/// A named set of requests and what the cache does with them. The first rule that matches decides. What is written as
/// one rule with several paths is several that follow each other.
/// </summary>
/// <param name="Caching">Null: the rule passes what it matches, or answers it.</param>
/// <param name="Path">The path of the rule in the policy, for diagnostics: <c>spec.rules[2]</c>.</param>
public sealed record Rule(string Name, RouteMatch Match, Caching? Caching, string Path)
{
    /// <summary>The name of the origin that is asked; null: the default one.</summary>
    public string? Origin { get; init; }

    /// <summary>What the rule answers by itself; null: it leads to the cache or to the origin.</summary>
    public Answer? Answer { get; init; }

    /// <summary>
    /// Whether a connection that a client wants to become a web socket is handed through to the origin.
    /// </summary>
    public bool Upgrades { get; init; }

    /// <summary>What is changed of responses to what the rule matches, with what is changed of all.</summary>
    public ResponseEdits Response { get; init; } = ResponseEdits.None;

    /// <summary>
    /// How long a response may be served stale while the origin is well; null: as long as while it is not.
    /// </summary>
    public Duration? WellGrace => Caching is { SickGrace: not null } caching ? caching.Grace ?? Duration.Zero : null;
}

/// <summary>
/// Requests whose path matches the pattern and, where extensions are listed, ends in one of them.
/// </summary>
/// <param name="Extensions">In lower case, without the dot.</param>
public sealed record RouteMatch(RoutePattern? Pattern, EquatableList<string> Extensions)
{
    /// <summary>What else a request must be and bring.</summary>
    public RequestConditions Request { get; init; } = RequestConditions.None;

    /// <summary>Where the pattern is written, if that is not the <c>match</c> of the rule itself.</summary>
    public string? Place { get; init; }
}

/// <summary>How long a response is fresh, who gets it, and what tells two responses of one path apart.</summary>
/// <param name="Ttl">Null: what the origin says explicitly (<c>FromOrigin</c>), never a heuristic.</param>
/// <param name="MaxTtl">Upper bound of what the origin may say; null: one day.</param>
/// <param name="Grace">How long it may be served stale; null: what the origin says explicitly, within the same
/// bound.</param>
public sealed record Caching(Duration? Ttl, Duration? MaxTtl, Duration? Grace, CacheKey Key)
{
    /// <summary>Lower bound of what the origin may say; null: none.</summary>
    public Duration? MinTtl { get; init; }

    /// <summary>Where the origin says nothing; null: then nothing is stored.</summary>
    public Duration? DefaultTtl { get; init; }

    /// <summary>Instead of all that, for answers of some statuses.</summary>
    public EquatableList<StatusTtl> StatusTtls { get; init; } = [];

    /// <summary>Instead of <see cref="Grace"/>, while the origin is not well, and longer; null: the same.</summary>
    public Duration? SickGrace { get; init; }

    /// <summary>How long a stale object is kept, so that the origin can say that it has not changed.</summary>
    public Duration Keep { get; init; }

    public IdentityTreatment Identity { get; init; }

    /// <summary>Whether text that the origin sends unpacked is stored packed.</summary>
    public bool Compress { get; init; }

    /// <summary>
    /// Whether a page that is stored is put together anew for each client, of fragments that are requests of their own
    /// (ESI).
    /// </summary>
    public bool Fragments { get; init; }

    /// <summary>Requests that are passed although the rule matches.</summary>
    public Bypass Bypass { get; init; } = Bypass.None;
}

/// <summary>How long an answer with this status is fresh.</summary>
/// <param name="Status">One of <see cref="StatusTtl.Storable"/>.</param>
public sealed record StatusTtl(int Status, Duration Ttl)
{
    /// <summary>What may be stored at all.</summary>
    public static EquatableList<int> Storable { get; } = [200, 301, 308, 404, 410];
}

/// <summary>What a request gets that brings an identity cookie.</summary>
public enum IdentityTreatment
{
    /// <summary>The origin's answer to the request as it came.</summary>
    Pass,

    /// <summary>The copy that everybody gets: cookies do not decide.</summary>
    Ignore,
}
