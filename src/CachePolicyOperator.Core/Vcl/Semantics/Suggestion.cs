namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Guesses what somebody meant who wrote a name that does not exist.</summary>
internal static class Suggestion
{
    /// <summary><c>did you mean `req.url`</c>; null where nothing is near.</summary>
    public static string? For(string wrong, IEnumerable<string> names)
    {
        var best = names
            .Where(n => Math.Abs(n.Length - wrong.Length) <= 2)
            .Select(n => (Name: n, Distance: Distance(wrong, n)))
            .Where(c => c.Distance <= Math.Max(1, Math.Min(3, wrong.Length / 4)))
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => c.Name)
            .FirstOrDefault();
        return best is null ? null : $"did you mean `{best}`";
    }

    // Levenshtein; names longer than this are nobody's typing mistake.
    private static int Distance(string left, string right)
    {
        if (left.Length > 64 || right.Length > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        foreach (var (i, a) in left.Index())
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = char.ToLowerInvariant(a) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + cost, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
