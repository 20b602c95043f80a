using System.Text.RegularExpressions;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>
/// Annotations by which an Ingress controller caches by itself: snippets of NGINX and HAProxy, and answers to whether
/// somebody may pass that are kept by a key without who asks.
/// </summary>
internal static partial class SecondCache
{
    private const string AuthKey = "nginx.ingress.kubernetes.io/auth-cache-key";

    /// <summary>Why the annotations put another cache into the path, in words; null where they do not.</summary>
    public static string? In(IReadOnlyDictionary<string, string> annotations)
    {
        foreach (var (name, value) in annotations.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            if (IsSnippet(name) && Directive().Match(Uncommented(value)) is { Success: true } directive)
            {
                return $"`{name}` has `{directive.Value.Trim()}`";
            }

            if (name == AuthKey && value.Length > 0 && !Identity().IsMatch(value))
            {
                return $"`{name}` keeps who may pass by `{value}`, which does not tell who asks";
            }
        }

        return null;
    }

    private static bool IsSnippet(string name) =>
        name.EndsWith("-snippet", StringComparison.Ordinal)
        || name.EndsWith("-snippets", StringComparison.Ordinal)
        || name.StartsWith("haproxy-ingress.github.io/config-", StringComparison.Ordinal);

    // A `#` within a word or a text is none.
    private static string Uncommented(string snippet) =>
        TextOrComment().Replace(snippet, found => found.ValueSpan[0] == '#' ? "" : found.Value);

    [GeneratedRegex("""(?<=^|[\s;{}])(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|#[^\n]*)""", RegexOptions.Multiline)]
    private static partial Regex TextOrComment();

    // nginx: ngx_http_proxy_module, ngx_http_fastcgi_module and their kin; a word may stand in quotes. HAProxy:
    // "http-request cache-use", "http-response cache-store".
    [GeneratedRegex(
        """\b(?:(?:proxy|fastcgi|uwsgi|scgi)_(?:cache|store)["']?\s+(?!["']?off\b)[^\s;]+|cache-(?:use|store)["']?\s+\S+)""")]
    private static partial Regex Directive();

    [GeneratedRegex(@"\$(?:http_authorization|http_cookie|cookie_\w+|remote_user|http_x_\w*(?:token|user|key)\w*)")]
    private static partial Regex Identity();
}
