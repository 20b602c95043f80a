namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// The names of query parameters of a canonical target, in every spelling that some origin reads so: PHP drops blanks
/// before a name and makes underscores of marks, others ignore case.
/// </summary>
internal static class QueryName
{
    /// <summary>
    /// A target with one of these parameters; a <c>*</c> at the end of a name stands for any text.
    /// </summary>
    public static string AnyOf(IEnumerable<string> names) =>
        $@"(?i)[?&](?:\+|%20)*(?:{string.Join('|', names.Select(Spelled))})(?:[=&\[]|$)";

    private static string Spelled(string name) => name.EndsWith('*')
        ? Marks(name[..^1]) + "[^=&]*"
        : Marks(name);

    private static string Marks(string name) =>
        string.Join("(?:[_.+]|%20)", name.Split('_').Select(RegexText.Escape));
}
