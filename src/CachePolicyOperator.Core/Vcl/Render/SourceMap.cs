namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Comments that say where a part of the VCL comes from, short also for ten thousand rules.</summary>
internal static class SourceMap
{
    private const int Most = 20;
    private const int LongestLine = 160;

    public static IEnumerable<string> Lines(IEnumerable<string> sources)
    {
        var all = sources.ToArray();
        var shown = all.Length <= Most ? all : all[..(Most - 1)];
        foreach (var source in shown)
        {
            yield return source.Length <= LongestLine ? source : $"{source[..LongestLine]} ...";
        }

        if (shown.Length < all.Length)
        {
            yield return $"... and {all.Length - shown.Length} more, to {all[^1].Split(' ')[0].TrimEnd(':')}";
        }
    }
}
