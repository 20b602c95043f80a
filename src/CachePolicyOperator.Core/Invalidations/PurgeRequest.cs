using System.Text.RegularExpressions;
using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Invalidations;

/// <summary>
/// Which pages a request with the method <c>PURGE</c> means, as plugins of WordPress and Magento send it to a Varnish.
/// What cannot be said as pages is refused: none of it is taken for something narrower.
/// </summary>
/// <param name="Pages">Null where the request is refused.</param>
/// <param name="Problem">Why it is refused; null where it is not.</param>
public sealed partial record PurgeRequest(StoredPages? Pages, string? Problem)
{
    /// <summary>The method of such a request.</summary>
    public const string Method = "PURGE";

    /// <summary>The fields that say tags, the ones that answers have tags in among them.</summary>
    public static EquatableList<string> TagFields { get; } =
        [.. ResponseFields.Tags, MagentoPattern, "X-Cache-Tags-Pattern"];

    private const string MagentoPattern = "X-Magento-Tags-Pattern";
    private const string Everything = ".*";

    /// <summary>
    /// Tags where a field says some, on every host; else the path on its host. Everything where Magento's pattern
    /// of tags says so.
    /// </summary>
    /// <param name="host">The host of the request, without a port.</param>
    /// <param name="target">As it was sent.</param>
    /// <param name="field">The value of a header field; null where it is absent.</param>
    public static PurgeRequest Read(string host, string target, Func<string, string?> field)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(field);
        var said = TagFields.Items
            .Select(name => (Name: name, Value: field(name)?.Trim()))
            .Where(f => !string.IsNullOrEmpty(f.Value))
            .ToArray();
        if (said.Length == 0)
        {
            return OfPath(host, target, field("X-Purge-Method"));
        }

        var tags = new List<string>();
        foreach (var (name, value) in said)
        {
            if (value == Everything && name == MagentoPattern && said.Length == 1)
            {
                return new PurgeRequest(new StoredPages([], [], [], []), null);
            }

            if (Tags().Match(value!) is not { Success: true } match)
            {
                return Refused(
                    $"`{name}` is no list of tags, and no pattern of tags as Magento and WordPress write it");
            }

            tags.AddRange(match.Groups["tag"].Captures.Select(c => c.Value));
        }

        return new PurgeRequest(
            new StoredPages([], [], [], tags.Distinct(StringComparer.Ordinal).ToEquatableList()), null);
    }

    private static PurgeRequest OfPath(string host, string target, string? purgeMethod)
    {
        if (!target.StartsWith('/'))
        {
            return Refused("its target does not begin with `/`");
        }

        // A page is of a path whatever its query.
        var path = target.Split('?')[0];
        if (path.EndsWith($"/{Everything}", StringComparison.Ordinal))
        {
            var start = path[..^Everything.Length].TrimEnd('/');
            return new PurgeRequest(new StoredPages([host], [], start.Length == 0 ? [] : [start], []), null);
        }

        return path.Contains(Everything, StringComparison.Ordinal)
            || string.Equals(purgeMethod, "regex", StringComparison.OrdinalIgnoreCase)
                ? Refused("it asks by a regular expression; only `/.*` at the end of a path is understood, which is "
                    + "all below it")
                : new PurgeRequest(new StoredPages([host], [path], [], []), null);
    }

    private static PurgeRequest Refused(string problem) => new(null, problem);

    // `((^|,)a(,|$))|((^|,)b(,|$))`, `(^|,)(a|b)(,|$)`, and `a|b`, `a,b` or `a b`. Letters that have a meaning in
    // regular expressions are no tag: else a pattern of another kind would purge nothing, and nobody would know.
    [GeneratedRegex("""
        ^(?:
            \(\(\^\|,\) (?<tag>[^\s,|()^$*\\?\[\]{}]+) \(,\|\$\)\)
            (?: \|\(\(\^\|,\) (?<tag>[^\s,|()^$*\\?\[\]{}]+) \(,\|\$\)\) )*
          | \(\^\|,\)\( (?<tag>[^\s,|()^$*\\?\[\]{}]+) (?: \| (?<tag>[^\s,|()^$*\\?\[\]{}]+) )* \)\(,\|\$\)
          | (?<tag>[^\s,|()^$*\\?\[\]{}]+) (?: [\s,|]+ (?<tag>[^\s,|()^$*\\?\[\]{}]+) )*
        )\z
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Tags();
}
