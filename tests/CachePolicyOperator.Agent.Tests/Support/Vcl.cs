using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Agent.Tests.Support;

/// <summary>VCL texts of the tests, and packages of them as the operator would send.</summary>
internal static class Vcl
{
    /// <summary>Passes /mypage, /account and what is below; caches the rest.</summary>
    public static string Good(int origin, string mark = "") => VarnishInstance.Backend(origin) + $$"""
        # {{mark}}
        sub vcl_recv {
            if (req.url ~ "^/(mypage|account)([/?]|$)") { return (pass); }
            unset req.http.Cookie;
            return (hash);
        }
        sub vcl_backend_response {
            set beresp.ttl = 1m;
            set beresp.http.X-CachePolicy-Host = bereq.http.Host;
            set beresp.http.X-CachePolicy-Url = bereq.url;
            return (deliver);
        }
        sub vcl_deliver { set resp.http.X-Vcl = "good{{mark}}"; }
        """;

    /// <summary>The mistake: everything is looked up and stored, cookies or not.</summary>
    public static string Leaky(int origin) => VarnishInstance.Backend(origin) + """
        sub vcl_recv { return (hash); }
        sub vcl_backend_response { set beresp.ttl = 1m; return (deliver); }
        sub vcl_deliver { set resp.http.X-Vcl = "leaky"; }
        """;

    public static string Bypass(int origin) => VarnishInstance.Backend(origin) + """
        sub vcl_recv { return (pass); }
        sub vcl_deliver { set resp.http.X-Vcl = "bypass"; }
        """;

    public static RevisionPackage Package(int origin, string mark = "", string? engine = null) =>
        Package(Good(origin, mark), origin, engine);

    public static RevisionPackage Package(string text, int origin, string? engine = null) =>
        new(text, new ProofRecord(Digest.Of(text), engine ?? Engine.Version, "test", [], []), Bypass(origin));

    public static GuardConfiguration Guard(LeakResponse onLeak = LeakResponse.NoCache, params string[] prefixes) =>
        new(
            ["www.example.com"],
            new([
                .. (prefixes is [] ? ["/mypage", "/account"] : prefixes)
                    .Select(p => new GuardedRoute(null, p, null, null)),
            ]),
            ["strict"],
            new(["session"], ["x-api-key"], ["access_token"]),
            onLeak,
            Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()));
}
