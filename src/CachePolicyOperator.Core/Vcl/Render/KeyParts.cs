using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// What a rule says of a request: what of it is in the key, and which requests are passed all the same. Rules that
/// differ in nothing else are one to a request.
/// </summary>
/// <param name="Headers">
/// In lower case and in order; with those that have come to one of a few values, <c>cookie</c> among them.
/// </param>
internal sealed record KeyParts(
    QueryKey Query,
    EquatableList<string> Headers,
    EquatableList<KeyChoice> Choices,
    IdentityTreatment Identity,
    Bypass Bypass)
{
    /// <summary>
    /// Whether the site whose script asks is known to <c>cors</c> alone: not to the lookup nor the origin.
    /// </summary>
    public bool HidesOrigin { get; init; }

    /// <summary>
    /// Whether the origin is told that fragments are asked for, of which each client gets its own page.
    /// </summary>
    public bool Fragments { get; init; }

    public static KeyParts Of(Rule rule, Caching caching) => new(
        caching.Key.Query with { Names = caching.Key.Query.Names.Items.Distinct().ToEquatableList() },
        caching.Key.Headers.Items.Select(h => h.ToLowerInvariant()).Concat(caching.Key.Choices.Items.Select(FieldOf))
            .Distinct().Order(StringComparer.Ordinal).ToEquatableList(),
        caching.Key.Choices,
        caching.Identity,
        caching.Bypass)
    {
        HidesOrigin = rule.Response.Cors is not null,
        Fragments = caching.Fragments,
    };

    /// <summary>The header field that a choice is read from, and written to.</summary>
    public static string FieldOf(KeyChoice choice) => choice.Of == ChoiceOf.Cookie ? RequestFields.Cookie : choice.Name;
}
