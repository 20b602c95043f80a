using System.Text;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>Writes a request as HTTP/1.1, one character a byte.</summary>
internal static partial class RequestText
{
    public const string Host = "www.example.com";

    public static string Of(Witness request, string body)
    {
        var text = new StringBuilder($"{request.Method} {Unescape(request.Target)} HTTP/1.1\r\n");
        foreach (var field in Complete(request))
        {
            text.Append($"{field.Name}: {field.Value}\r\n");
        }

        if (body.Length > 0 || request.Method is not ("GET" or "HEAD"))
        {
            text.Append($"Content-Length: {body.Length}\r\n");
        }

        return text.Append($"Connection: close\r\n\r\n{body}").ToString();
    }

    /// <summary>The header lines with a Host, which every request needs.</summary>
    public static IEnumerable<HeaderField> Complete(Witness request) =>
        request.Headers.Items.Any(h => h.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            ? request.Headers.Items
            : request.Headers.Items.Prepend(new HeaderField("Host", Host));

    /// <summary>The target's own bytes; a witness writes odd ones as <c>\xNN</c>.</summary>
    public static string Unescape(string target) =>
        EscapedByte().Replace(target, m => ((char)Convert.ToByte(m.Groups[1].Value, 16)).ToString());

    [GeneratedRegex(@"\\x([0-9a-f]{2})")]
    private static partial Regex EscapedByte();
}
