namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Tells the parts of a key that <see cref="KeySection"/> makes, each with the tag that stands before it.
/// </summary>
internal static class KeyText
{
    public static IEnumerable<string> Of(IReadOnlyList<string> parts)
    {
        var i = parts.Count > 0 && parts[0] == KeySection.Mark ? 1 : 0;
        while (i + 1 < parts.Count)
        {
            var tag = parts[i++];
            if (!tag.StartsWith(KeySection.HeaderTag, StringComparison.Ordinal))
            {
                yield return $"{tag}: {parts[i++]}";
            }
            else if (parts[i++] == KeySection.Present && i < parts.Count)
            {
                yield return $"{tag}: {parts[i++]}";
            }
            else
            {
                yield return $"{tag}: (absent)";
            }
        }
    }
}
