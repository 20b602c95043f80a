using System.Text.RegularExpressions;

namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>Fills in what varnishtest fills in, with addresses that resolve without a network.</summary>
internal static partial class VtcMacros
{
    public const string TemporaryDirectory = "/tmp/vtc";

    public static string Expand(string text) =>
        Macro().Replace(text, match => ValueOf(match.Groups[1].Value) ?? match.Value);

    private static string? ValueOf(string macro)
    {
        if (Repeat().Match(macro) is { Success: true } repeat)
        {
            return string.Concat(
                Enumerable.Repeat(repeat.Groups[2].Value.Trim('"'), int.Parse(repeat.Groups[1].Value)));
        }

        return macro switch
        {
            "tmpdir" => TemporaryDirectory,
            "localhost" => "127.0.0.1",
            "bad_backend" => "192.0.2.255:39999",
            "bad_ip" => "192.0.2.255",
            "listen_addr" => "127.0.0.1:0",
            "date" => "Sun, 06 Nov 1994 08:49:37 GMT",
            _ when macro.EndsWith("_addr", StringComparison.Ordinal) => "127.0.0.1",
            _ when macro.EndsWith("_port", StringComparison.Ordinal) => "8080",
            _ when macro.EndsWith("_sock", StringComparison.Ordinal) => $"{TemporaryDirectory}/{macro}",
            _ => macro.StartsWith("string,", StringComparison.Ordinal) ? null : "1",
        };
    }

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Macro();

    [GeneratedRegex("""^string,repeat,(\d+),(.*)$""", RegexOptions.Singleline)]
    private static partial Regex Repeat();
}
