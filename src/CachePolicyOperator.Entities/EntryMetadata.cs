namespace CachePolicyOperator.Entities;

/// <summary>
/// What the operator writes on an entry that it turns, so that it can be turned by what it says itself, also by others:
/// where its policy, the operator or the records of both are gone.
/// </summary>
public static class EntryMetadata
{
    /// <summary>A label: the Service is an entry. It stays one after its policy names it no more.</summary>
    public const string Entry = "cachepolicy.dev/entry";

    /// <summary>The policy that it was made for, by its full name; a label may be too short for that.</summary>
    public const string Policy = "cachepolicy.dev/policy";

    /// <summary>Which of the policies of that name.</summary>
    public const string PolicyUid = "cachepolicy.dev/policy-uid";

    /// <summary>What the entry was last turned to.</summary>
    public const string Target = "cachepolicy.dev/leads-to";

    /// <summary>When it was turned there, with milliseconds.</summary>
    public const string Since = "cachepolicy.dev/since";

    /// <summary>Why, in words.</summary>
    public const string Because = "cachepolicy.dev/because";

    /// <summary>The origin, and how its Service was last seen to find its pods: an <see cref="EntryOrigin"/>.</summary>
    public const string Origin = "cachepolicy.dev/origin";

    /// <summary>
    /// A person writes it on an entry that its policy names no more: it is led to the origin for good.
    /// </summary>
    public const string Retired = "cachepolicy.dev/retired";
}
