namespace CachePolicyOperator.Entities.Reading;

/// <summary>Finds the name that a user most likely meant.</summary>
public static class Suggestion
{
    /// <summary>The help sentence: what was meant where one is near, else what there is.</summary>
    public static string For(string written, IReadOnlyCollection<string> known)
    {
        var nearest = Nearest(written, known);
        return nearest is not null ? $"did you mean `{nearest}`?" : $"use one of {string.Join(", ", known.Select(k => $"`{k}`"))}";
    }

    public static string? Nearest(string written, IEnumerable<string> known) =>
        written.Length > 64
            ? null
            : known
                .Select(k => (Name: k, Distance: Distance(written.ToLowerInvariant(), k.ToLowerInvariant())))
                .Where(k => k.Distance <= Math.Max(1, Math.Min(3, k.Name.Length / 3)))
                .OrderBy(k => k.Distance)
                .Select(k => k.Name)
                .FirstOrDefault();

    // Damerau-Levenshtein on adjacent letters: a swapped pair is one mistake.
    private static int Distance(string a, string b)
    {
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
