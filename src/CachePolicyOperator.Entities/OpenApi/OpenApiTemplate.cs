namespace CachePolicyOperator.Entities.OpenApi;

/// <summary>Joins a base path and a path of OpenAPI to a template in which each parameter is a whole segment.</summary>
internal static class OpenApiTemplate
{
    public static string Normalise(string basePath, string path)
    {
        var segments = new List<string>();
        foreach (var segment in $"{basePath}/{WithoutQuery(path)}".Split('/'))
        {
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(Widened(segment));
            }
        }

        var end = segments.Count > 0 && WithoutQuery(path).EndsWith('/') ? "/" : "";
        return $"/{string.Join('/', segments)}{end}";
    }

    /// <summary>A segment that is a parameter only in part, or is encoded, stands for any segment.</summary>
    private static string Widened(string segment)
    {
        var isWholeParameter = segment is ['{', _, .., '}']
            && !segment.AsSpan(1, segment.Length - 2).ContainsAny('{', '}');
        var isPlain = !segment.AsSpan().ContainsAny("{}%")
            && !segment.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
        return isWholeParameter || isPlain ? segment : "{any}";
    }

    private static string WithoutQuery(string path)
    {
        var end = path.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? path : path[..end];
    }
}
