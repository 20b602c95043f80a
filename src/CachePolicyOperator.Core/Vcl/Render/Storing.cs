using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>What a rule says of an answer: whether it may be stored, and for how long.</summary>
/// <param name="Ttl">Null: what the origin says, at most <paramref name="MaxTtl"/>.</param>
/// <param name="MinTtl">Of what the origin says; zero: none.</param>
/// <param name="DefaultTtl">Where the origin says nothing; null: then nothing is stored.</param>
/// <param name="Grace">The longest; null: what the origin says, at most <paramref name="MaxTtl"/>.</param>
/// <param name="ChecksType">Whether the rule names extensions, and so stores only the content types of these.</param>
/// <param name="Varying">Fields that may be in <c>Vary</c>: those in the key, and what neither lookup nor origin
/// sees.</param>
internal sealed record Storing(
    Duration? Ttl,
    Duration MaxTtl,
    Duration MinTtl,
    Duration? DefaultTtl,
    EquatableList<StatusTtl> StatusTtls,
    Duration? Grace,
    Duration Keep,
    bool ChecksType,
    EquatableList<string> Varying,
    bool Compress,
    bool Fragments)
{
    public static Storing Of(Rule rule, Caching caching) => new(
        caching.Ttl,
        caching.Ttl is null ? LifetimeSection.MaxTtl(caching) : default,
        caching.MinTtl ?? Duration.Zero,
        caching.DefaultTtl,
        caching.StatusTtls,
        caching.SickGrace ?? caching.Grace,
        caching.Keep,
        rule.Match.Extensions.Count > 0,
        VaryingOf(KeyParts.Of(rule, caching)),
        caching.Compress,
        caching.Fragments);

    private static EquatableList<string> VaryingOf(KeyParts key) =>
        key.HidesOrigin ? [.. key.Headers, "origin"] : key.Headers;
}
