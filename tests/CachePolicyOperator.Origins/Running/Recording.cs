namespace CachePolicyOperator.Origins.Running;

/// <summary>What a framework did with the probes of its personal pages.</summary>
/// <param name="Version">The version as its package says.</param>
/// <param name="Resolved">The targets that it answered with the personal page, by the page's path.</param>
public sealed record Recording(string Framework, string Version, IReadOnlyList<ResolvedTarget> Resolved);

/// <summary>A target that reached the personal page of a path.</summary>
public readonly record struct ResolvedTarget(string Page, string Target);
