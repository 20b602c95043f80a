namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Tells the parts of a key that <see cref="KeySection"/> makes, each with the tag that stands before it.
/// </summary>
internal static class KeyText
{
    public static IEnumerable<string> Of(IReadOnlyList<string> parts)
    {
        var i = 0;
        if (parts is [var mark, var host, var url, ..] && mark.Split(' ') is [KeySection.Mark, .. var scheme])
        {
            yield return $"scheme: {scheme.FirstOrDefault("none")}";
            yield return $"host: {host}";
            yield return $"url: {url}";
            i = 3;
        }

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
