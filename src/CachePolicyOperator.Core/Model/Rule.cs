using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Model;

/// <summary>A named set of requests and what the cache does with them. The first rule that matches decides.</summary>
/// <param name="Caching">Null: the rule passes what it matches.</param>
/// <param name="Path">The path of the rule in the policy, for diagnostics: <c>spec.rules[2]</c>.</param>
public sealed record Rule(string Name, RouteMatch Match, Caching? Caching, string Path);

/// <summary>
/// Requests whose path matches the pattern and, where extensions are listed, ends in one of them. At least one is
/// given.
/// </summary>
/// <param name="Extensions">In lower case, without the dot.</param>
public sealed record RouteMatch(RoutePattern? Pattern, EquatableList<string> Extensions);

/// <summary>How long a response is fresh and what tells two responses of one path apart.</summary>
/// <param name="Ttl">Null: what the origin says explicitly (<c>FromOrigin</c>), never a heuristic.</param>
/// <param name="MaxTtl">Upper bound of what the origin may say; null: one day.</param>
public sealed record Caching(Duration? Ttl, Duration? MaxTtl, Duration Grace, CacheKey Key);

/// <summary>
/// What is in the key besides method, host and path. Everything else is removed before the origin sees it.
/// </summary>
/// <param name="Headers">In lower case.</param>
public sealed record CacheKey(EquatableList<string> QueryParameters, EquatableList<string> Headers)
{
    public static CacheKey PathOnly { get; } = new([], []);
}
