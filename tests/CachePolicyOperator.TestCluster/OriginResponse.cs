using System.Text;

namespace CachePolicyOperator.TestCluster;

/// <summary>What a scripted origin answers.</summary>
public sealed record OriginResponse(int Status, byte[] Body)
{
    /// <summary>Header lines, as they are; a name may come twice.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Cut the connection instead of answering.</summary>
    public bool Abort { get; init; }

    public static OriginResponse Text(string body, int status = 200) =>
        new OriginResponse(status, Encoding.UTF8.GetBytes(body)).With("Content-Type", "text/plain; charset=utf-8");

    public OriginResponse With(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}
