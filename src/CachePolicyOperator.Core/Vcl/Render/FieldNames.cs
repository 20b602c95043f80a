namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Spellings of one header field that some origins take for the same: CGI makes <c>X-A</c> and <c>X_A</c> one variable.
/// </summary>
internal static class FieldNames
{
    private const int MostHyphens = 5;

    /// <summary>
    /// The name with any of its hyphens as underscores, itself first; of a name with many hyphens only the two
    /// extremes.
    /// </summary>
    public static IEnumerable<string> Spellings(string name)
    {
        var hyphens = Enumerable.Range(0, name.Length).Where(i => name[i] == '-').ToArray();
        if (hyphens.Length > MostHyphens)
        {
            return [name, name.Replace('-', '_')];
        }

        return Enumerable.Range(0, 1 << hyphens.Length)
            .Select(choice => string.Create(name.Length, (name, hyphens, choice), (span, s) =>
        {
            s.name.CopyTo(span);
            for (var i = 0; i < s.hyphens.Length; i++)
            {
                if ((s.choice & (1 << i)) != 0)
                {
                    span[s.hyphens[i]] = '_';
                }
            }
        }));
    }

    /// <summary>The spellings other than the name itself.</summary>
    public static IEnumerable<string> Lookalikes(string name) => Spellings(name).Skip(1);
}
