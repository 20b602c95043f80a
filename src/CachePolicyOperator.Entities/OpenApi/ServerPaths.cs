using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.OpenApi;

/// <summary>The base paths of the servers of an OpenAPI description, whatever the host.</summary>
internal static class ServerPaths
{
    // Each variable may double the number of base paths.
    private const int Most = 100;

    public static IReadOnlyList<string> Of(DocumentNode? servers)
    {
        var urls = (servers?.Items ?? []).SelectMany(Urls).Select(PathOf).Distinct(StringComparer.Ordinal).ToArray();
        return urls.Length == 0 ? [""] : urls;
    }

    /// <summary>
    /// The URL with every value that its variables may have; a value that is not listed is a whole segment.
    /// </summary>
    private static IEnumerable<string> Urls(DocumentNode server)
    {
        IReadOnlyList<string> urls = [server.Find("url")?.Text ?? ""];
        foreach (var variable in server.Find("variables")?.Fields ?? [])
        {
            var listed = (variable.Value.Find("enum")?.Items ?? []).Select(i => i.Text).ToList();
            if (listed.Count == 0)
            {
                listed.Add($"{{{variable.Name}}}");
            }

            if (variable.Value.Find("default") is { } standard)
            {
                listed.Add(standard.Text);
            }

            var expanded = urls
                .SelectMany(u => listed.Distinct()
                    .Select(v => u.Replace($"{{{variable.Name}}}", v, StringComparison.Ordinal)))
                .Distinct(StringComparer.Ordinal)
                .Take(Most + 1)
                .ToArray();
            if (expanded.Length > Most)
            {
                throw new OpenApiTooLargeException();
            }

            urls = expanded;
        }

        return urls;
    }

    // RFC 3986 §4.2: what follows `//` is a host only at the beginning, or behind a scheme.
    private static string PathOf(string url)
    {
        var slash = url.IndexOf('/', StringComparison.Ordinal);
        var authority = url.IndexOf("//", StringComparison.Ordinal);
        if (authority < 0 || authority != slash || (slash > 0 && url[slash - 1] != ':'))
        {
            return url;
        }

        var path = url.IndexOf('/', authority + 2);
        return path < 0 ? "" : url[path..];
    }
}
