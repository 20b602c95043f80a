namespace CachePolicyOperator.Entities;

/// <summary>
/// Annotations by which a person orders a fallback, a return, or the end of a trial: one <c>kubectl annotate</c> is
/// enough.
/// </summary>
public static class PolicyAnnotations
{
    /// <summary>The level to fall back to: <c>Bypassed</c> or <c>NoCache</c>.</summary>
    public const string Fallback = "cachepolicy.dev/fallback";

    /// <summary>Why, in the words of who ordered it.</summary>
    public const string FallbackReason = "cachepolicy.dev/fallback-reason";

    /// <summary>The digest of the proven revision with which the cache may return.</summary>
    public const string Return = "cachepolicy.dev/return";

    /// <summary>
    /// What is to become of a trial: <c>pause</c>, <c>resume</c>, <c>promote</c>, <c>abort</c> or <c>retry</c>.
    /// </summary>
    public const string Rollout = "cachepolicy.dev/rollout";
}
