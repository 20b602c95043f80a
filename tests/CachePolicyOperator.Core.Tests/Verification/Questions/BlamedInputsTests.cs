using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>
/// Of two ways to one key on which an origin is asked otherwise, who asks is blamed where that decides, and not where
/// the time, an origin's health or the rest of the request does.
/// </summary>
public sealed class BlamedInputsTests
{
    private const string Seeds = """
        import std;
        import directors;
        backend b2 { .host = "192.0.2.2"; }
        sub vcl_init { new d = directors.hash(); d.add_backend(default, 1.0); d.add_backend(b2, 1.0); }
        """;

    private const string Weeded = """
        unset req.http.X-Old;
        std.collect(req.http.Cookie, "; ");
        if (req.http.Cookie) {
            set req.http.Cookie = regsuball(req.http.Cookie, "(^|; )_ga=[^;]*", "");
            if (req.http.Cookie == "") { unset req.http.Cookie; }
        }
        if (req.http.Authorization || req.method != "GET" || req.url !~ "^/seeds(/[a-z]+)?$") { return (pass); }
        """;

    private const string Respond = """
        sub vcl_backend_response {
            if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
                || beresp.http.Vary ~ "(?i)\*|cookie|authorization") {
                set beresp.uncacheable = true;
                return (deliver);
            }
        }
        """;

    // Magazines by their ending, with the cookies as they came; all else without them, in one of two languages.
    private const string Magazines = """
        import std;
        sub vcl_recv {
            unset req.http.Accept-Language;
            if (req.http.Authorization || req.method != "GET") { return (pass); }
            if (req.url ~ "\.pdf$") { return (hash); }
            std.collect(req.http.Cookie, "; ");
            if (req.url ~ "^/account" || req.http.Cookie ~ "session") { return (pass); }
            if (req.http.Cookie ~ "lang=(de|fr)") {
                set req.http.Accept-Language = regsub(req.http.Cookie, "^.*lang=(de|fr).*$", "\1");
            } else {
                set req.http.Accept-Language = "de";
            }
            set req.url = regsub(req.url, "[?&]+$", "");
            unset req.http.Cookie;
            return (hash);
        }
        sub vcl_hash {
            hash_data(req.url);
            hash_data(req.http.Host);
            hash_data(req.http.Accept-Language);
            return (lookup);
        }
        """;

    [Fact]
    public void That_an_origin_is_down_tells_nothing_of_who_asks() =>
        Assert.DoesNotContain(Verify(Old("set req.backend_hint = d.backend(req.url);", "")).Diagnostics,
            d => d.Severity == Severity.Error);

    [Theory]
    [InlineData("set req.backend_hint = d.backend(req.http.Cookie);", "")]
    [InlineData("""if (req.http.Cookie ~ "session=") { set req.backend_hint = b2; } else { set req.backend_hint = default; }""",
        "set req.backend_hint = default;")]
    [InlineData("""if (req.http.Cookie ~ "session=") { set req.backend_hint = b2; }""", "")]
    [InlineData("set req.backend_hint = d.backend(req.url);",
        """if (req.http.Cookie ~ "session=") { set req.http.X-Old = "1"; }""")]
    [InlineData("set req.backend_hint = d.backend(req.url);",
        """unset req.http.X-Old; if (req.http.Cookie ~ "session=" && !std.healthy(req.backend_hint)) { set req.http.X-Old = "1"; }""")]
    [InlineData("set req.backend_hint = d.backend(req.url);",
        """if (req.http.Cookie ~ "session=") { if (req.http.X-Old) { unset req.http.X-Old; } else { set req.http.X-Old = "1"; } }""")]
    [InlineData("set req.backend_hint = d.backend(req.url);",
        """unset req.http.X-Old; if (now > std.time("2026-12-24T00:00:00")) { set req.http.X-Old = "1"; } if (req.http.Cookie ~ "session=") { if (req.http.X-Old) { unset req.http.X-Old; } else { set req.http.X-Old = "1"; } }""")]
    public void Where_a_cookie_decides_beside_what_is_so_at_the_time_nothing_is_proven(string first, string then) =>
        Assert.NotEqual(VerdictKind.Proven, Verify(Old(first, then)).Kind);

    [Fact]
    public void What_another_target_is_asked_with_is_blamed_on_no_cookie()
    {
        var told = Verify(Magazines + Respond
            + "sub vcl_backend_error { if (bereq.retries < 1) { return (retry); } }").Diagnostics.Items;

        Assert.Contains(told, d => d is { Code: "identity/unkeyed", Severity: Severity.Error, Witness: not null }
            && d.Message.StartsWith("the origin sees `Cookie`", StringComparison.Ordinal));
        Assert.DoesNotContain(told, d => d.Message.Contains("depends on", StringComparison.Ordinal)
            && d.Severity == Severity.Error);
    }

    [Fact]
    public void What_only_members_ask_for_is_blamed_on_their_cookie() => Assert.Contains(
        Verify("""
            import std;
            sub vcl_recv {
                std.collect(req.http.Cookie, "; ");
                unset req.http.X-Member;
                if (req.http.Authorization || req.method != "GET" || req.url !~ "^/(members/)?[a-z]+$") { return (pass); }
                if (req.url ~ "^/members/") {
                    if (req.http.Cookie !~ "session=") { return (pass); }
                    set req.http.X-Member = "1";
                    set req.url = regsub(req.url, "^/members", "");
                }
                if (req.url ~ "^/account") { return (pass); }
                unset req.http.Cookie;
                return (hash);
            }
            """ + Respond).Diagnostics.Items,
        d => d is { Code: "identity/unkeyed", Severity: Severity.Error }
            && d.Message.StartsWith("what the origin sees depends on `Cookie`", StringComparison.Ordinal));

    // The origin is asked anew where it is down, or where a page is old.
    private static string Old(string first, string then) => Seeds + $$"""
        sub vcl_recv {
            {{first}}
            {{Weeded}}
            if (!std.healthy(req.backend_hint)) { set req.http.X-Old = "1"; }
            {{then}}
            unset req.http.Cookie;
            return (hash);
        }
        """ + Respond;

    private static Verdict Verify(string vcl) => VclVerifier.Verify(
        VclParser.Parse("default.vcl", "vcl 4.1; backend default { .host = \"192.0.2.1\"; }\n" + vcl),
        new VclQuestion(PersonalLanguage.Of([new PathPrefix("/account")], ["go"]),
            new IdentityCarriers(["session"], [], []), new EngineVersion(7, 1), Strict: false));
}
