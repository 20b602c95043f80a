namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>How clients may spell the names of cookies, so that an origin reads them as these.</summary>
public static class CookieNamePattern
{
    /// <summary>
    /// One name after the other, as a pattern of VCL and of .NET. A <c>*</c> at the end of a name stands for any text
    /// that some origin reads as part of a name, a comma and blanks among it.
    /// </summary>
    public static string Of(IEnumerable<string> names, IEnumerable<string> profiles)
    {
        ArgumentNullException.ThrowIfNull(names);
        CookieNaming[] origins =
        [
            .. profiles.Where(id => id != OriginProfiles.Or)
                .Select(id => OriginProfiles.Find(id)?.Cookies ?? CookieNaming.Any),
        ];
        var mark = origins.Any(o => o.MakesMarksOne) ? "[_. \\[]" : "_";
        var spelled = string.Join('|', names.Select(name => name.EndsWith('*')
            ? $"{Spelled(name[..^1], mark)}[^=;]*"
            : Spelled(name, mark)));
        return origins.Any(o => o.IgnoresCase) ? $"(?i:{spelled})" : spelled;
    }

    private static string Spelled(string name, string mark) =>
        string.Join(mark, name.Split('_').Select(System.Text.RegularExpressions.Regex.Escape));
}
