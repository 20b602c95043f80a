using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// Values worth a try before any is searched for: those that conditions on what chains of maps make of them ask for,
/// alone, beside what the maps take off, and with that in their midst.
/// </summary>
internal static class ChainProbe
{
    // So many words are taken of each language, and so many values tried in all.
    private const int Words = 4;
    private const int MaxTries = 1_500;

    /// <summary>The values, all within the language, each with no more than a few that are like it.</summary>
    public static IEnumerable<byte[]> Of(Language among, IReadOnlyList<WordConstraint> conditions, Budget budget) =>
        All(among, conditions, budget).Take(MaxTries).Where(w => among.Accepts(w));

    private static IEnumerable<byte[]> All(Language among, IReadOnlyList<WordConstraint> conditions, Budget budget)
    {
        byte[][] own = [.. among.Samples(Words).SelectMany(w => new[] { w, [.. w, (byte)'1'] })];
        byte[][] wanted = [.. conditions.SelectMany(c => WordsOf(c.Within, among, budget))];
        byte[][] taken = [.. conditions.SelectMany(c => c.Maps.Items).Distinct()
            .SelectMany(m => m.Unchanged?.Complement().Samples(1) ?? [])];
        return
        [
            .. wanted, .. own,
            .. wanted.SelectMany(word => own.SelectMany(other => Together(word, other))),
            .. taken.SelectMany(one => taken.Select(other => (byte[])[.. other, .. one]))
                .SelectMany(both => own.Take(2).Select(word => (byte[])[.. both, .. "; "u8, .. word])),
            .. wanted.Take(Words).SelectMany(word => taken.SelectMany(one => Broken(word, one))),
        ];
    }

    private static IEnumerable<byte[]> WordsOf(WordSet words, Language among, Budget budget) =>
        words.Language is { } language
            ? language.Intersect(among, budget).Samples(Words).Concat(language.Samples(Words))
            : WordSearch.Find(among, [words.Automaton!], budget) is { } word ? [word] : [];

    // As queries and cookies stand behind each other.
    private static IEnumerable<byte[]> Together(byte[] word, byte[] other)
    {
        var query = other.AsSpan().IndexOf((byte)'?');
        if (query >= 0)
        {
            yield return [.. word, .. other.AsSpan(query)];
        }
        else
        {
            yield return [.. word, .. "; "u8, .. other];
            yield return [.. other, .. "; "u8, .. word];
        }
    }

    // What is taken off may stand anywhere, and what is behind it be joined to what is before.
    private static IEnumerable<byte[]> Broken(byte[] word, byte[] taken)
    {
        for (var at = 1; at < word.Length; at++)
        {
            yield return [.. word.AsSpan(0, at), .. taken, .. word.AsSpan(at)];
            yield return [.. word.AsSpan(0, at), .. taken, (byte)'&', .. word.AsSpan(at)];
        }
    }
}
