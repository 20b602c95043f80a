namespace CachePolicyOperator.Core.Vcl.Variables;

/// <summary>
/// Tells where the name of a variable ends in a dotted name: in <c>req.http.host.lower</c> after three parts. Knows the
/// variables of all versions, so that reading does not depend on the version.
/// </summary>
internal static class VariableNames
{
    private static readonly HashSet<string> Known =
    [
        .. VariableTable.For(new EngineVersion(7, 1)).Names,
        .. VariableTable.For(new EngineVersion(8, 0)).Names,
    ];

    private static readonly HashSet<string> Owners = [.. Known.Select(n => n.Split('.')[0])];

    /// <summary>Whether <c>x.http.y</c> names a header.</summary>
    public static bool IsHeaderRoot(string first, string second) =>
        second.Equals("http", StringComparison.OrdinalIgnoreCase) && Known.Contains($"{first.ToLowerInvariant()}.http.*");

    /// <summary>Whether names below this one are variables and nothing else.</summary>
    public static bool IsOwner(string part) => Owners.Contains(part.ToLowerInvariant());

    /// <summary>How many of the parts, from the first, name a variable; 0 where none do.</summary>
    public static int PrefixLength(IReadOnlyList<string> parts)
    {
        var lower = parts.Select(p => p.ToLowerInvariant()).ToArray();
        if (lower is ["storage", _, ..])
        {
            return lower.Length > 2 && Known.Contains($"storage.<name>.{lower[2]}") ? 3 : 2;
        }

        for (var count = Math.Min(lower.Length, 4); count > 0; count--)
        {
            if (Known.Contains(string.Join('.', lower.AsSpan(0, count)!)))
            {
                return count;
            }
        }

        return 0;
    }
}
