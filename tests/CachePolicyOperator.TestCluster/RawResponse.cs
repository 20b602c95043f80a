using System.Text;

namespace CachePolicyOperator.TestCluster;

/// <summary>A response as it came over the wire.</summary>
public sealed record RawResponse(
    int Status, string Reason, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The first value of a header, or null.</summary>
    public string? Header(string name) => HeaderLines(name) is [var first, ..] ? first : null;

    /// <summary>The values of all lines of a header.</summary>
    public IReadOnlyList<string> HeaderLines(string name) =>
        [.. Headers.Where(line => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(line => line.Value)];
}
