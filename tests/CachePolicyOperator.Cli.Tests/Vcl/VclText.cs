namespace CachePolicyOperator.Cli.Tests.Vcl;

/// <summary>VCL texts that tests share.</summary>
internal static class VclText
{
    private const string Head = """
        vcl 4.1;
        import std;
        backend default { .host = "192.0.2.1"; .port = "8080"; }

        """;

    /// <summary>Caches My Page by mistake: the check is for another path.</summary>
    public const string Leaking = Head + """
        sub vcl_recv {
            if (req.url ~ "^/my-page") { return (pass); }
            if (req.url ~ "^/my") {
                return (hash);
            }
            return (pass);
        }
        """;

    /// <summary>Only anonymous assets are looked up, and nothing private is stored.</summary>
    public const string Safe = Head + """
        sub vcl_recv {
            std.collect(req.http.Cookie, "; ");
            if (req.method != "GET" && req.method != "HEAD") { return (pass); }
            if (req.http.Authorization || req.http.X-Api-Key) { return (pass); }
            if (req.url ~ "^/static/[a-z0-9]*\.(css|js)$") {
                unset req.http.Cookie;
                unset req.http.Proxy-Authorization;
                return (hash);
            }
            return (pass);
        }
        sub vcl_backend_response {
            if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
                || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
                set beresp.uncacheable = true;
                return (deliver);
            }
        }
        """;

    public static Task<CliRun> VerifyAsync(string vcl, params string[] more) =>
        CliRun.WithInputAsync(vcl,
            ["verify", "--vcl", "-", "--personal", "/mypage", "--profile", "go", "--identity-cookie", "session",
            "--identity-header", "X-Api-Key", .. more]);
}
