using System.Text;

namespace CachePolicyOperator.Core.Tests.Routes.Origins;

/// <summary>
/// Behaviours of origins as plain programs on one target, written apart from the machines that stand for them in the
/// proof. Bytes are Latin-1 characters.
/// </summary>
internal static class ConcreteOrigin
{
    /// <summary>What a behaviour makes of a path, by the id of the behaviour.</summary>
    public static string Apply(string behavior, string path) => behavior switch
    {
        "decode" => Decode(path, keepSlash: false),
        "decode-but-slash" => Decode(path, keepSlash: true),
        "decode-unicode" =>
            path.Replace("%u006d", "m", StringComparison.Ordinal).Replace("%uff0f", "/", StringComparison.Ordinal),
        "encoded-query" => CutAt(path, "?"),
        "add-suffix" => path.EndsWith("/b", StringComparison.Ordinal) ? path + ".php" : path,
        "fold-marks" =>
            path.Replace("\u00c0\u00af", "/", StringComparison.Ordinal)
            .Replace("\u00e0\u0080\u00ae", ".", StringComparison.Ordinal)
            .Replace("\u00ef\u00bc\u008f", "/", StringComparison.Ordinal),
        "fold-letters" =>
            path.Replace("\u00c3\u00a9", "e", StringComparison.Ordinal)
            .Replace("m\u00cc\u0081", "m", StringComparison.Ordinal),
        "backslash" => path.Replace('\\', '/'),
        "delimiters" => CutAt(path, "?#\0\n$!;|"),
        "nul" => CutAt(path, "\0"),
        "line-feed" => CutAt(path, "\n"),
        "segment-parameters" => Segments(path, s => s.Split(';')[0]),
        "cookieless-segment" => path.StartsWith("/(S(1))/", StringComparison.Ordinal) ? path["/(S(1))".Length..] : path,
        "trailing-dots" => Segments(path, s => s is "." or ".." ? s : s.TrimEnd('.', ' ')),
        "dot-segments" => RemoveDotSegments(path),
        "merge-slashes" => MergeSlashes(path),
        "fold-case" => path.ToLowerInvariant(),
        "data-prefix" => AfterPrefix(path, "/_next/data/b1"),
        "script-prefix" => AfterPrefix(AfterPrefix(path, "/index.php"), "/app.cgi"),
        "path-info" => path.IndexOf("/x", 1, StringComparison.Ordinal) is > 0 and var at ? path[..at] : path,
        "format-suffix" => path.LastIndexOf('.') is var dot && dot > path.LastIndexOf('/') ? path[..dot] : path,
        "directory-index" =>
            path.EndsWith("/index.html", StringComparison.Ordinal) ? path[..^"index.html".Length] : path,
        "trailing-slash" => path.Length > 1 && path.EndsWith('/') ? path[..^1] : path,
        _ => throw new ArgumentException(behavior),
    };

    /// <summary>The path of a target as every origin finds it first.</summary>
    public static string PathOf(string target)
    {
        if (target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme
            && target[..scheme].All(char.IsAsciiLetter))
        {
            var slash = target.IndexOfAny(['/', '?'], scheme + 3);
            target = slash < 0 ? "/" : target[slash] == '?' ? "/" + target[slash..] : target[slash..];
        }

        else if (target.StartsWith("http:/", StringComparison.Ordinal))
        {
            target = target["http:".Length..];
        }

        return (target.StartsWith('/') ? target : "/" + target).Split('#')[0].Split('?')[0];
    }

    private static string Decode(string path, bool keepSlash)
    {
        var decoded = new StringBuilder();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && i + 2 < path.Length && char.IsAsciiHexDigit(path[i + 1])
                && char.IsAsciiHexDigit(path[i + 2])
                && (char)Convert.ToInt32(path.Substring(i + 1, 2), 16) is var c && !(keepSlash && c == '/'))
            {
                decoded.Append(c);
                i += 2;
            }
            else
            {
                decoded.Append(path[i]);
            }
        }

        return decoded.ToString();
    }

    /// <summary>RFC 3986, 5.2.4.</summary>
    private static string RemoveDotSegments(string path)
    {
        var input = path;
        var output = "";
        while (input.Length > 0)
        {
            if (input.StartsWith("/./", StringComparison.Ordinal))
            {
                input = input[2..];
            }
            else if (input == "/.")
            {
                input = "/";
            }
            else if (input.StartsWith("/../", StringComparison.Ordinal) || input == "/..")
            {
                input = input.Length > 3 ? input[3..] : "/";
                output = output.LastIndexOf('/') is >= 0 and var at ? output[..at] : "";
            }
            else
            {
                var end = input.IndexOf('/', 1);
                output += end < 0 ? input : input[..end];
                input = end < 0 ? "" : input[end..];
            }
        }

        return output;
    }

    private static string MergeSlashes(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return path;
    }

    private static string CutAt(string path, string delimiters) =>
        path.IndexOfAny(delimiters.ToCharArray()) is >= 0 and var at ? path[..at] : path;

    private static string Segments(string path, Func<string, string> change) =>
        string.Join('/', path.Split('/').Select(change));

    private static string AfterPrefix(string path, string prefix) =>
        path == prefix ? "/" : path.StartsWith(prefix + "/", StringComparison.Ordinal) ? path[prefix.Length..] : path;
}
