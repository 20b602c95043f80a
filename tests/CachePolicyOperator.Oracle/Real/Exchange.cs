using System.Text;

namespace CachePolicyOperator.Oracle.Real;

/// <summary>A header line, as sent.</summary>
public sealed record HeaderLine(string Name, string Value);

/// <summary>What the origin answers to the requests of one exchange.</summary>
/// <param name="Aborts">Close the connection instead.</param>
public sealed record OriginAnswer(int Status, EquatableHeaders Headers, string Body, bool Aborts = false)
{
    /// <summary>What nobody minds to store for a minute.</summary>
    public static OriginAnswer ForAMinute(string target) =>
        new(200, new([new("Cache-Control", "max-age=60"), new("Content-Type", TypeOf(target))]), "x");

    private static string TypeOf(string target) => Path.GetExtension(target.Split('?')[0]) switch
    {
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".png" => "image/png",
        ".json" => "application/json",
        _ => "text/html",
    };
}

/// <summary>Header lines that compare by what they say.</summary>
public sealed class EquatableHeaders(IEnumerable<HeaderLine> lines) : IEquatable<EquatableHeaders>
{
    public IReadOnlyList<HeaderLine> Lines { get; } = [.. lines];

    public bool Equals(EquatableHeaders? other) => other is not null && Lines.SequenceEqual(other.Lines);

    public override bool Equals(object? obj) => Equals(obj as EquatableHeaders);

    public override int GetHashCode() => Lines.Aggregate(0, HashCode.Combine);
}

/// <summary>One request of a client, byte for byte (Latin-1), and what the origin will answer to it.</summary>
public sealed record Exchange(
    string Method, string Target, string Protocol, EquatableHeaders Headers, OriginAnswer Answer, string Body = "")
{
    /// <summary>Names the exchange in the request that varnishd sends on. No VCL here touches it.</summary>
    public const string Mark = "x-oracle";

    public byte[] Bytes(int number)
    {
        var text = new StringBuilder($"{Method} {Target} {Protocol}\r\n");
        foreach (var line in Headers.Lines)
        {
            text.Append($"{line.Name}: {line.Value}\r\n");
        }

        if (Body.Length > 0)
        {
            text.Append($"Content-Length: {Body.Length}\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append($"{Mark}: {number}\r\n\r\n{Body}").ToString());
    }
}
