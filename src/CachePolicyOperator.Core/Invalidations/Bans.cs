using System.Text;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;

namespace CachePolicyOperator.Core.Invalidations;

/// <summary>
/// Bans of varnishd that take stored pages out. They ask of the object alone, so that the ban lurker can work them off
/// without a request (varnish-cli(7), "ban").
/// </summary>
public static class Bans
{
    // PCRE2 compiles a pattern to at most 64 KiB, and one that large is slow to try.
    private const int LongestPattern = 8_000;

    /// <summary>The arguments of the <c>ban</c> that takes out everything that is stored.</summary>
    public static EquatableList<string> All { get; } = ["obj.status", "!=", "0"];

    /// <summary>The arguments of each <c>ban</c>: together they take out these pages, and no others.</summary>
    public static EquatableList<EquatableList<string>> Of(StoredPages pages)
    {
        List<EquatableList<string>> bans =
        [
            .. Parts(Ways(pages)).Select(ways => Ban(pages, InternalHeaders.StoredUrl, $"^(?:{ways})")),
            .. Parts(pages.Tags.Items.Select(RegexText.Escape))
                .Select(tags => Ban(pages, InternalHeaders.Tags, $"(?:^|[\\s,])(?:{tags})(?:[\\s,]|$)")),
        ];
        return bans.Count > 0 ? bans.ToEquatableList()
            : pages.Hosts.Count > 0 ? [OfHosts(pages).ToEquatableList()]
            : [All];
    }

    /// <summary>
    /// Whether a page by this path can be stored: where caches and origins might read it differently, none is.
    /// </summary>
    public static bool CanBeStored(string path) =>
        CanonicalTarget.Accepts(Encoding.UTF8.GetBytes(CanonicalPath.Spell(path)));

    private static IEnumerable<string> Ways(StoredPages pages) =>
        pages.Paths.Items.Select(p => $"{Spelled(p)}/?(?:\\?|$)")
            .Concat(pages.PathPrefixes.Items.Select(p => $"{Spelled(p)}(?:[/?]|$)"))
            .Concat(pages.PathPatterns.Items.Select(p => $"{PathGlob.Regex(p)}/?(?:\\?|$)"));

    private static string Spelled(string path) => RegexText.Escape(CanonicalPath.Spell(path).TrimEnd('/'));

    /// <summary>The alternatives joined, as many to a pattern as it may hold.</summary>
    private static IEnumerable<string> Parts(IEnumerable<string> alternatives)
    {
        var part = new StringBuilder();
        foreach (var alternative in alternatives)
        {
            if (part.Length > 0 && part.Length + alternative.Length > LongestPattern)
            {
                yield return part.ToString();
                part.Clear();
            }

            part.Append(part.Length > 0 ? "|" : "").Append(alternative);
        }

        if (part.Length > 0)
        {
            yield return part.ToString();
        }
    }

    private static EquatableList<string> Ban(StoredPages pages, string field, string regex)
    {
        string[] ban = [$"obj.http.{field}", "~", regex];
        return (pages.Hosts.Count == 0 ? ban : [.. ban, "&&", .. OfHosts(pages)]).ToEquatableList();
    }

    private static string[] OfHosts(StoredPages pages) =>
        [$"obj.http.{InternalHeaders.StoredHost}", "~", $"^{RegexText.AnyOf(pages.Hosts.Items)}(?::[0-9]+)?$"];
}
