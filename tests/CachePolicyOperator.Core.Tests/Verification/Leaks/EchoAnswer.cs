using System.Text;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>What an <see cref="EchoOrigin"/> says around the request that it repeats.</summary>
/// <param name="Abort">Cut the connection instead.</param>
/// <param name="Fragment">Answer every other target with a page that includes this one.</param>
internal sealed record EchoAnswer(int Status, bool Abort = false, string? Fragment = null)
{
    // Different for every request, whoever sends it.
    private static readonly string[] Noise = [
        "X-Varnish:", "X-Vinyl:", "X-Forwarded-For:", "Via:", "Accept-Encoding:", "answer "];

    public EquatableList<(string Name, string Value)> Headers { get; init; } = [];

    public EchoAnswer With(params (string Name, string Value)[] headers) =>
        this with { Headers = Headers.Items.Concat(headers).ToEquatableList() };

    public string To(string request, int number)
    {
        var target = request.Split(' ', 3)[1];
        var page = Fragment is not null && target != Fragment;
        var body = page ? $"<p>hello\n<esi:include src=\"{Fragment}\"/>\n</p>" : $"answer {number} to\n{request}";
        var head =
            new StringBuilder($"HTTP/1.1 {Status} Told\r\nContent-Length: {body.Length}\r\nConnection: close\r\n");
        foreach (var (name, value) in Headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        return $"{head}\r\n{body}";
    }

    /// <summary>What of an answer tells something about the one who asked.</summary>
    public static string Meaning(string text) =>
        string.Join('\n',
            text.Split('\n').Where(line => !Noise.Any(n => line.StartsWith(n, StringComparison.OrdinalIgnoreCase))));
}
