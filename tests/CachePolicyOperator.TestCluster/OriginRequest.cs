using System.Text;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// One request as the origin received it: the raw target, and every header line in the order of its names.
/// </summary>
public sealed record OriginRequest(
    string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>The target without its query.</summary>
    public string Path => Target.Split('?', 2)[0];

    public string BodyText => Encoding.UTF8.GetString(Body);

    /// <summary>The values of all lines of a header.</summary>
    public IReadOnlyList<string> Header(string name) =>
        [.. Headers.Where(line => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(line => line.Value)];

    /// <summary>The value of a cookie, wherever among the Cookie lines it is.</summary>
    public string? Cookie(string name) =>
        Header("Cookie")
            .SelectMany(line => line.Split(';', StringSplitOptions.TrimEntries))
            .Where(pair => pair.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(pair => pair[(name.Length + 1)..])
            .FirstOrDefault();
}
