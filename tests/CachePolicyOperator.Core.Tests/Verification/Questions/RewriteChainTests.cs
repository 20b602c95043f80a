using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>Several rewrites of one value, one after the other, as real files have them: a definite answer.</summary>
public sealed class RewriteChainTests
{
    private const string Campaigns = """
        set req.url = regsuball(req.url, "(from|campaign_[a-z]+|clickid)=[^&]*&?", "");
        set req.url = regsub(req.url, "[?&]+$", "");
        """;

    private const string Listed = """
        if (req.method != "GET" && req.method != "HEAD" || req.http.Authorization) { return (pass); }
        if (req.url ~ "^/(news|assets)/[a-z0-9-]+(\?.*)?$") { unset req.http.Cookie; return (hash); }
        return (pass);
        """;

    [Theory]
    [InlineData("_mh", VerdictKind.Proven)]
    [InlineData("session", VerdictKind.Refuted)]
    public void Eight_cookies_are_stripped(string last, VerdictKind verdict)
    {
        var strips = string.Concat(new[] { "_ma", "_mb", "_mc", "_md", "_me", "_mf", "_mg", last }.Select(c =>
            $"set req.http.Cookie = regsuball(req.http.Cookie, \"{c}=[^;]+(; )?\", \"\");\n"));
        const string Home = """if (req.url ~ "^/account") { return (hash); } """;

        Assert.Equal(verdict, Verify($$"""
            {{strips}}
            if (req.http.Cookie ~ "^ *$") { unset req.http.Cookie; }
            if (req.http.Cookie) { return (pass); }
            {{(verdict == VerdictKind.Proven ? string.Empty : Home)}}
            {{Listed}}
            """).Kind);
    }

    // What such rewrites take off joins the cookie behind it to the one before, which is taken off then.
    [Theory]
    [InlineData("{0}=[^;]+(; )?", VerdictKind.Refuted)]
    [InlineData("(^|; *){0}=[^;]*", VerdictKind.Proven)]
    public void What_is_left_of_cookies_decides(string pattern, VerdictKind verdict)
    {
        var strips = string.Concat(new[] { "_ma", "_mb", "_mc", "_md", "_me", "_mf", "_mg", "_mh" }.Select(c =>
            $"set req.http.Cookie = regsuball(req.http.Cookie, \"{string.Format(pattern, c)}\", \"\");\n"));

        var found = Verify($$"""
            std.collect(req.http.Cookie, "; ");
            if (req.http.Cookie) { {{strips}} if (req.http.Cookie ~ "^[; ]*$") { unset req.http.Cookie; } }
            if (req.http.Cookie || req.http.Authorization || req.method != "GET" && req.method != "HEAD") { return (pass); }
            return (hash);
            """);

        Assert.Equal(verdict, found.Kind);
        Assert.Equal(verdict == VerdictKind.Refuted, found.Diagnostics.Items.Any(d => d.Code == "personal/cacheable"
            && d.Witness!.ToString().Contains("session=", StringComparison.Ordinal)));
    }

    // What stood before a rewrite is not what the origin gets: `/afrom=&ccount` is `/account` behind it.
    [Fact]
    public void A_check_before_two_rewrites_is_not_proven() =>
        Assert.NotEqual(VerdictKind.Proven, Verify("""
            if (req.url ~ "(?i)account" || req.url ~ "[.%;]" || req.http.Cookie || req.http.Authorization) { return (pass); }
            """ + Campaigns + "return (hash);", anonymous: true).Kind);

    [Theory]
    [InlineData("shop.safe.vcl", true)]
    [InlineData("shop.leaking.vcl", false)]
    [InlineData("blog.leaking.vcl", false)]
    public void Whole_sites_are_proven_where_they_do_not_leak(string file, bool isProven)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "Sites", file));
        var isShop = file.StartsWith("shop", StringComparison.Ordinal);
        var question = new VclQuestion(
            PersonalLanguage.Of(isShop ? [new PathPrefix("/account"), new PathPrefix("/checkout")]
                : [new PathPrefix("/wp-admin"), new PathPrefix("/my-account")], [isShop ? "go" : "php"]),
            new IdentityCarriers([isShop ? "sid" : "wordpress_logged_in"], [], []), EngineVersion.Default,
                Strict: false);

        var verdict = VclVerifier.Verify(VclParser.Parse(file, text), question);

        Assert.Equal(isProven, verdict.Kind == VerdictKind.Proven);
    }

    private static Verdict Verify(string receive, string profile = "go", bool anonymous = false) => VclVerifier.Verify(
        VclParser.Parse("default.vcl", $$"""
            vcl 4.1;
            import std;
            backend default { .host = "192.0.2.1"; .port = "8080"; }
            sub vcl_recv {
                {{receive}}
            }
            sub vcl_backend_response {
                if (beresp.http.Vary ~ "(?i)cookie|authorization|\*" || beresp.http.Set-Cookie
                    || beresp.http.Cache-Control ~ "(?i)private|no-store|no-cache") {
                    set beresp.uncacheable = true;
                    return (deliver);
                }
            }
            """),
        new VclQuestion(PersonalLanguage.Of([new PathPrefix("/account")], [profile]),
            new IdentityCarriers(["session"], [], []), EngineVersion.Default, Strict: false)
        {
            CountsAnonymous = anonymous,
        });
}
