using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>
/// The level that a person orders by a word, and what is to be said of the word. A word that nobody knows is still a
/// cry for help, and going down is safe: it orders the lowest level, and is told.
/// </summary>
/// <param name="Note">Null where the word means just what it says.</param>
public sealed record FallbackOrder(CacheLevel Level, string? Note)
{
    public const string Accepted =
        "`Bypassed` (Varnish passes everything) or `NoCache` (Varnish is taken out of the path)";

    public static FallbackOrder Read(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Trim() switch
        {
            var bypassed when Means(bypassed, CacheLevel.Bypassed) => new(CacheLevel.Bypassed, null),
            var noCache when Means(noCache, CacheLevel.NoCache) => new(CacheLevel.NoCache, null),
            var quarantined when Means(quarantined, CacheLevel.Quarantined) => new(
                CacheLevel.Bypassed,
                    $"a fallback to `Quarantined` acts as `Bypassed` in this version; write {Accepted}"),
            var unknown => new(
                CacheLevel.NoCache,
                    $"{Shown(unknown)} is no level to fall back to, and acts as `NoCache`, the lowest; "
                        + $"write {Accepted}"),
        };
    }

    private static bool Means(string word, CacheLevel level) =>
        word.Equals(level.ToString(), StringComparison.OrdinalIgnoreCase);

    private static string Shown(string word) => word.Length <= 40 ? $"`{word}`" : $"`{word[..40]}…`";
}
