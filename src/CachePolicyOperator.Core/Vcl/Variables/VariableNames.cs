namespace CachePolicyOperator.Core.Vcl.Variables;

/// <summary>
/// Tells where the name of a variable ends in a dotted name: in <c>req.http.host.lower</c> after three parts. Knows the
/// variables of all versions, so that reading does not depend on the version.
/// </summary>
internal static class VariableNames
{
    /// <summary>In parts: <c>beresp.backend.name</c>.</summary>
    private const int LongestName = 3;

    private static readonly HashSet<string> Known =
    [
        .. VariableTable.For(new EngineVersion(7, 1)).Names,
        .. VariableTable.For(new EngineVersion(8, 0)).Names,
        .. VariableTable.For(EngineVersion.Vinyl).Names,
    ];

    private static readonly HashSet<string> Owners = [.. Known.Select(n => n.Split('.')[0])];

    /// <summary>Whether <c>x.http.y</c> names a header.</summary>
    public static bool IsHeaderRoot(string first, string second) =>
        second.Equals("http", StringComparison.OrdinalIgnoreCase)
            && Known.Contains($"{first.ToLowerInvariant()}.http.*");

    /// <summary>
    /// How many of the parts, from the first, are read as a variable, which may be one that does not exist and is
    /// reported where names are resolved; 0 where they name something else.
    /// </summary>
    public static int ReadLength(IReadOnlyList<string> parts, bool isCall)
    {
        var count = PrefixLength(parts);
        if (count > 1 || parts.Count == 1 || !IsOwner(parts[0]))
        {
            return count;
        }

        return !isCall ? parts.Count : parts.Count > 2 ? parts.Count - 1 : count;
    }

    private static bool IsOwner(string part) => Owners.Contains(part.ToLowerInvariant());

    private static int PrefixLength(IReadOnlyList<string> parts)
    {
        if (parts[0].Equals("storage", StringComparison.OrdinalIgnoreCase) && parts.Count > 1)
        {
            return parts.Count > 2 && Known.Contains($"storage.<name>.{parts[2].ToLowerInvariant()}") ? 3 : 2;
        }

        if (!IsOwner(parts[0]))
        {
            return 0;
        }

        var name = string.Join('.', parts.Take(LongestName)).ToLowerInvariant();
        for (var count = Math.Min(parts.Count, LongestName); count > 0; count--)
        {
            if (Known.Contains(name))
            {
                return count;
            }

            name = name[..Math.Max(0, name.LastIndexOf('.'))];
        }

        return 0;
    }
}
