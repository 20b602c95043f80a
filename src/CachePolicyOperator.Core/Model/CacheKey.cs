namespace CachePolicyOperator.Core.Model;

/// <summary>
/// What is in the key besides method, host and path. Everything else is removed before the origin sees it.
/// </summary>
/// <param name="Headers">Fields that are in the key as they come; in lower case.</param>
public sealed record CacheKey(QueryKey Query, EquatableList<string> Headers)
{
    public static CacheKey PathOnly { get; } = new(QueryKey.None, []);

    /// <summary>Fields and cookies of which one of a few values is in the key, and that the origin gets.</summary>
    public EquatableList<KeyChoice> Choices { get; init; } = [];
}

/// <summary>Which parameters of the query are in the key; the origin gets these and no others.</summary>
/// <param name="Names">In the order of the rule. Of <see cref="QueryScope.Except"/> a <c>*</c> may end a name.</param>
public sealed record QueryKey(QueryScope Scope, EquatableList<string> Names)
{
    /// <summary>The whole query, sorted.</summary>
    public static QueryKey Whole { get; } = Except([]);

    public static QueryKey None { get; } = Only([]);

    public static QueryKey Only(EquatableList<string> names) => new(QueryScope.Only, names);

    public static QueryKey Except(EquatableList<string> names) => new(QueryScope.Except, names);
}

/// <summary>What a list of query parameters means.</summary>
public enum QueryScope
{
    /// <summary>None but these.</summary>
    Only,

    /// <summary>All but these, sorted.</summary>
    Except,
}

/// <summary>A header field or cookie that comes to one of a few values, in the key and for the origin alike.</summary>
/// <param name="Name">Of a header in lower case.</param>
/// <param name="Values">What is told apart.</param>
/// <param name="Otherwise">What anything else, and nothing, comes to.</param>
public sealed record KeyChoice(ChoiceOf Of, string Name, EquatableList<string> Values, string Otherwise)
{
    /// <summary>
    /// By what each of the values is found, of <see cref="ChoiceOf.Device"/>: PCRE2 regular expressions.
    /// </summary>
    public EquatableList<string> Patterns { get; init; } = [];
}

/// <summary>Where a <see cref="KeyChoice"/> is read from, and how.</summary>
public enum ChoiceOf
{
    /// <summary>
    /// The first member of a list field that is one of the values or begins with one and <c>-</c>, whatever its case:
    /// <c>ja-JP, en;q=0.5</c> is <c>ja</c>. Weights are not compared; browsers list by preference.
    /// </summary>
    Header,

    /// <summary>The value of a cookie, as it is.</summary>
    Cookie,

    /// <summary>A header field, by the first pattern that it matches.</summary>
    Device,
}
