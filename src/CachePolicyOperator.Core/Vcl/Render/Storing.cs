using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>What a rule says of an answer: whether it may be stored, and for how long.</summary>
/// <param name="Ttl">Null: what the origin says, at most <paramref name="MaxTtl"/>.</param>
/// <param name="MinTtl">Of what the origin says; zero: none.</param>
/// <param name="DefaultTtl">Where the origin says nothing; null: then nothing is stored.</param>
/// <param name="ChecksType">Whether the rule names extensions, and so stores only the content types of these.</param>
/// <param name="KeyHeaders">Fields that are in the key, and so may be in <c>Vary</c>.</param>
internal sealed record Storing(
    Duration? Ttl,
    Duration MaxTtl,
    Duration MinTtl,
    Duration? DefaultTtl,
    EquatableList<StatusTtl> StatusTtls,
    Duration Grace,
    Duration Keep,
    bool ChecksType,
    EquatableList<string> KeyHeaders)
{
    public static Storing Of(Rule rule, Caching caching) => new(
        caching.Ttl,
        caching.Ttl is null ? LifetimeSection.MaxTtl(caching) : default,
        caching.MinTtl ?? Duration.Zero,
        caching.DefaultTtl,
        caching.StatusTtls,
        caching.Grace,
        caching.Keep,
        rule.Match.Extensions.Count > 0,
        KeyParts.Of(caching).Headers);
}
