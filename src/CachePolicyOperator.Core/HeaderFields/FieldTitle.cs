namespace CachePolicyOperator.Core.HeaderFields;

/// <summary>Names of header fields as people write them: <c>X-Api-Key</c>.</summary>
internal static class FieldTitle
{
    public static string Of(string name) => string.Join('-', name.Split('-')
        .Select(word => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
