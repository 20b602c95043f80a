namespace CachePolicyOperator.Core.Diagnostics;

/// <summary>Finds the name that somebody most likely meant who wrote one that does not exist.</summary>
public static class Suggestion
{
    // Longer names are nobody's typing mistake.
    private const int Longest = 64;

    /// <summary>A help sentence: what was meant where one is near, else what there is.</summary>
    public static string For(string written, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return DidYouMean(written, known) ?? $"use one of {string.Join(", ", known.Select(k => $"`{k}`"))}";
    }

    /// <summary>A help sentence; null where nothing is near.</summary>
    public static string? DidYouMean(string written, IEnumerable<string> known) =>
        Nearest(written, known) is { } nearest ? $"did you mean `{nearest}`?" : null;

    /// <summary>The known name with the fewest slips, where they are few enough; null where none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        return written.Length > Longest
            ? null
            : known
                .Select(k => (Name: k, Slips: Slips(written.ToLowerInvariant(), k.ToLowerInvariant())))
                .Where(k => k.Slips <= Math.Max(1, Math.Min(3, k.Name.Length / 3)))
                .OrderBy(k => k.Slips)
                .ThenBy(k => k.Name, StringComparer.Ordinal)
                .Select(k => k.Name)
                .FirstOrDefault();
    }

    // Damerau-Levenshtein on adjacent letters: a swapped pair is one mistake.
    private static int Slips(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 3)
        {
            return int.MaxValue;
        }

        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
