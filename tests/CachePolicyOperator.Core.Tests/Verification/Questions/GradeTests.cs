using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>What is an error is shown by somebody who says who he is; what only strangers show is a warning.</summary>
public sealed class GradeTests
{
    private const string Assets =
        """if (req.url ~ "^/assets/[a-z0-9-]+\.(css|js|svg)$") { return (hash); } return (pass);""";
    private const string NobodyElses = "if (req.http.Cookie || req.http.Authorization) { return (pass); }";

    private static readonly IdentityCarriers Session = new(["session"], [], []);

    [Fact]
    public void The_built_in_vcl_alone_is_only_warned_of()
    {
        var verdict = Verify("");

        Assert.DoesNotContain(verdict.Diagnostics, d => d.Severity == Severity.Error);
        Assert.Contains(verdict.Diagnostics, d => d is { Code: "personal/anonymous", Severity: Severity.Warning });
        Assert.Contains(verdict.Diagnostics, d => d is { Code: "policy/default-cache", Severity: Severity.Warning });
        Assert.Contains(verdict.Diagnostics,
            d => d.Message.Contains("`Cache-Control: private` beside `Surrogate-Control`", StringComparison.Ordinal));
    }

    [Fact]
    public void On_request_strangers_count_as_well() => Assert.Contains(
        Verify("", anonymous: true).Diagnostics, d =>
            d is { Code: "personal/anonymous", Severity: Severity.Error, Witness: not null });

    [Fact]
    public void Where_no_carrier_is_declared_any_request_may_be_somebodys() => Assert.Contains(
        Verify("", new IdentityCarriers([], [], [])).Diagnostics, d =>
            d is { Code: "personal/cacheable", Severity: Severity.Error });

    [Theory]
    [InlineData("if (req.http.Cookie !~ \"lang=\") { return (pass); } unset req.http.Cookie; return (hash);",
        "session")]
    [InlineData("if (req.http.Cookie) { return (pass); } unset req.http.Authorization; return (hash);",
        "Authorization")]
    public void An_error_is_shown_by_a_request_that_says_who_asks(string receive, string says)
    {
        var verdict = Verify($"sub vcl_recv {{ {receive} }}");

        Assert.Contains(verdict.Diagnostics,
            d => d is { Code: "personal/cacheable", Severity: Severity.Error }
            && d.Witness!.ToString().Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void A_leak_is_shown_by_what_most_visitors_send()
    {
        var verdict = Verify("""
            acl office { "192.0.2.0"/24; }
            sub vcl_recv {
                if (req.method == "REFRESH") {
                    if (client.ip !~ office) { return (synth(403)); }
                    set req.method = "GET";
                    set req.hash_always_miss = true;
                }
                if (req.method != "GET") { return (pass); }
                return (hash);
            }
            """);

        Assert.Contains(verdict.Diagnostics, d => d is { Code: "personal/cacheable", Severity: Severity.Error }
            && d.Witness!.Method == "GET");
    }

    [Theory]
    [InlineData("Origin", "https://other.example")]
    [InlineData("X-Forwarded-Host", "other.example")]
    public void Fields_of_a_request_that_shows_something_are_as_clients_send_them(string name, string value) =>
        Assert.Contains(Verify("").Diagnostics.SelectMany(d => d.Witness?.Headers.Items ?? []),
            h => h.Name == name && h.Value == value);

    // VCL reads the first line of several, and origins all of them.
    [Fact]
    public void A_second_line_of_cookies_says_who_asks()
    {
        var verdict = Verify(
            "sub vcl_recv { if (req.http.Authorization || req.http.Cookie ~ \"session\") { return (pass); } return "
                + "(hash); }");

        Assert.Contains(verdict.Diagnostics, d => d is { Code: "personal/cacheable", Severity: Severity.Error });
    }

    // Nobody sees the line that went with the first.
    [Theory]
    [InlineData("unset req.http.Cookie;")]
    [InlineData("set req.http.X-Seen = req.http.Cookie; unset req.http.Cookie;")]
    [InlineData("set req.http.Cookie = \"a=b\";")]
    [InlineData("set req.http.Cookie = \"a=b; \" + req.http.Cookie;")]
    public void A_second_line_of_cookies_that_was_taken_off_says_nothing(string then)
    {
        Assert.DoesNotContain(Verify(Passing(then)).Diagnostics,
            d => d is { Code: "personal/cacheable", Severity: Severity.Error });
        Assert.Contains(Verify(Passing(then), strict: true).Diagnostics,
            d => d is { Code: "personal/cacheable", Severity: Severity.Error });
    }

    [Theory]
    [InlineData("")]
    [InlineData("std.collect(req.http.Cookie, \"; \");")]
    [InlineData("std.collect(req.http.Cookie, \"; \"); set req.http.X-Seen = req.http.Cookie; unset req.http.Cookie;")]
    [InlineData(
        "std.collect(req.http.Cookie, \"; \"); if (req.http.Cookie ~ \"session=a\") { set req.http.X-Seen = \"a\"; } "
            + "unset req.http.Cookie;")]
    [InlineData("set req.http.X-Seen = header.get(req.http.Cookie, \"session=\"); unset req.http.Cookie;")]
    [InlineData("unset req.http.Cookie; if (req.restarts == 0) { std.rollback(req); }")]
    public void Where_anything_is_left_of_a_second_line_of_cookies_nothing_is_proven(string then) =>
        Assert.NotEqual(VerdictKind.Proven, Verify(Passing(then)).Kind);

    private static string Passing(string then) =>
        $"import std; import header; sub vcl_recv {{ if (req.http.Authorization || req.http.Cookie ~ \"session=\") {{ return (pass); }} {then} return (hash); }}";

    // Of targets with `..` more are taken for personal than are, and the one that is shown must be.
    [Theory]
    [InlineData("nginx", "/css/../account/")]
    [InlineData("strict", "/css/../account")]
    [InlineData("rails", null)]
    public void A_target_with_dots_that_is_shown_leads_to_a_personal_page(string profile, string? begins)
    {
        var verdict = Verify(
            """sub vcl_recv { if (req.url ~ "^/css/.+\.css$") { unset req.http.Cookie; return (hash); } return (pass); }""", profile: profile);

        var shown = verdict.Diagnostics.FirstOrDefault(
            d => d is { Code: "personal/cacheable", Severity: Severity.Error })?.Witness!.Target;
        Assert.Equal(begins is null, shown is null);
        Assert.StartsWith(begins ?? "", shown ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_looked_up_and_never_stored_is_no_leak()
    {
        const string keep = """if (bereq.url !~ "^/static/[a-z]+\.css$") { set beresp.ttl = 0s; set beresp.uncacheable = true; return (deliver); }""";
        var safe = Verify($"sub vcl_recv {{ {NobodyElses} return (hash); }} sub vcl_backend_response {{ {keep} }}");
        var bearing =
            Verify($"sub vcl_recv {{ unset req.http.Cookie; return (hash); }} sub vcl_backend_response {{ {keep} }}");
        var stored = Verify("sub vcl_recv { unset req.http.Cookie; return (hash); }");

        Assert.DoesNotContain(safe.Diagnostics, d => d.Severity == Severity.Error);
        Assert.Contains(bearing.Diagnostics, d => d is { Code: "personal/cacheable", Severity: Severity.Warning });
        Assert.Contains(stored.Diagnostics, d => d is { Code: "personal/cacheable", Severity: Severity.Error });
    }

    // The first request that comes to mind is not stored, and another one at the same place is.
    [Fact]
    public void A_request_that_is_only_warned_of_hides_no_other_at_the_same_place()
    {
        var verdict = Verify("""
            sub vcl_recv {
                if (req.url !~ "^/account") { return (pass); }
                unset req.http.Cookie; unset req.http.Authorization; unset req.http.Proxy-Authorization;
                return (hash);
            }
            sub vcl_backend_response {
                if (bereq.url !~ "^/account/orders/[0-9]+$") { set beresp.uncacheable = true; return (deliver); }
            }
            """);

        Assert.NotEqual(VerdictKind.Proven, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d is { Code: "personal/cacheable", Severity: Severity.Error }
            && d.Witness!.Target.StartsWith("/account/orders/", StringComparison.Ordinal));
    }

    [Fact]
    public void Vary_on_who_asks_is_no_leak_where_nobody_who_asks_gets_so_far()
    {
        Assert.DoesNotContain(Verify($"sub vcl_recv {{ {NobodyElses} {Assets} }}").Diagnostics,
            d => d.Severity == Severity.Error);
        Assert.Contains(
            Verify($"sub vcl_recv {{ if (req.http.Authorization) {{ return (pass); }} {Assets} }}").Diagnostics,
            d => d.Severity == Severity.Error && d.Message.Contains("`Vary` on who asks", StringComparison.Ordinal));
        Assert.Contains(
            Verify($"sub vcl_recv {{ {NobodyElses} {Assets} }} sub vcl_builtin_backend_response {{ return (deliver); }}").Diagnostics,
            d => d.Severity == Severity.Error && d.Code == "response/stored-private");
    }

    [Fact]
    public void A_password_that_the_vcl_itself_sends_tells_of_nobody()
    {
        const string asks = "sub vcl_recv { unset req.http.Authorization; " + Assets + " } ";

        Assert.DoesNotContain(
            Verify(asks
            + "sub vcl_backend_fetch { set bereq.http.Authorization = \"Basic dGVzdDp0ZXN0\"; }").Diagnostics,
            IsOfPassword);
        Assert.Contains(Verify("sub vcl_recv { " + Assets + " }").Diagnostics, IsOfPassword);

        static bool IsOfPassword(Diagnostic found) => found.Severity == Severity.Error
            && found.Message.StartsWith("a response to a request with `Authorization`", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "if (req.http.X-Preview == \"draft\" && req.url ~ \"^/account/(drafts|orders)\") { unset req.http.Cookie; "
            + "return (hash); }", "X-Preview: draft")]
    [InlineData("if (req.http.host == \"m.example.com\") { unset req.http.Cookie; return (hash); }", "m.example.com")]
    public void A_leak_behind_many_rewrites_is_found(string leak, string word)
    {
        var strip = string.Concat(
            "abcdefghijkl".Select(
            c => $"set req.http.Cookie = regsuball(req.http.Cookie, \"_m{c}=[^;]+(; )?\", \"\");"));
        var rest = $"if (req.http.Cookie ~ \"session=\") {{ return (pass); }} {Assets}";

        var verdict = Verify($"sub vcl_recv {{ {strip} {leak} {rest} }}");

        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d is { Code: "personal/cacheable", Severity: Severity.Error }
            && d.Witness!.ToString().Contains(word, StringComparison.Ordinal));
    }

    // Each field makes two ways of every way before it: more than a proof follows.
    [Theory]
    [InlineData("X-Preview: draft", VerdictKind.Refuted)]
    [InlineData("X-Preview: draft", VerdictKind.Unknown, false)]
    public void Where_no_proof_can_be_had_a_request_made_of_the_words_of_the_vcl_is_tried(
        string shown, VerdictKind verdict, bool tries = true)
    {
        var marks = string.Concat(Enumerable.Range(0, 14)
            .Select(i => $"if (req.http.X-{i} == \"a\") {{ set req.http.Y-{i} = \"1\"; }} "));
        var (vcl, question) = Asked($$"""
            sub vcl_recv {
                {{marks}}
                if (req.http.X-Preview == "draft") { unset req.http.Cookie; return (hash); }
                {{NobodyElses}} {{Assets}}
            }
            """);

        var found = tries ? VclVerifier.Verify(vcl, question) : VclVerifier.VerifyWithoutTries(vcl, question);

        Assert.Equal(verdict, found.Kind);
        Assert.Equal(tries,
            found.Diagnostics.Items.Any(d => d is { Code: "personal/cacheable", Severity: Severity.Error }
            && d.Witness!.ToString().Contains(shown, StringComparison.Ordinal)));
    }

    [Fact]
    public void More_conditions_than_a_budget_holds_are_told_and_nothing_breaks()
    {
        var conditions = string.Concat(Enumerable.Range(0, 3_000).Select(i =>
            $"if (req.url ~ \"^/section-{i}/\") {{ set req.http.X-Section = \"{i}\"; }}\n"));

        var verdict = Verify($"sub vcl_recv {{ {conditions} }}");

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d.Code == VclVerifier.TooComplex);
    }

    // No browser sends the name of a cookie so: it tells of nobody but who made it up.
    [Theory]
    [InlineData("if (req.http.Cookie ~ \"session=\" || req.http.Authorization) { return (pass); } return (hash);",
        false)]
    [InlineData("if (req.http.Cookie ~ \"_session=\" || req.http.Authorization) { return (pass); } return (hash);",
        true)]
    public void An_odd_spelling_of_the_name_of_a_cookie_is_only_warned_of(string receive, bool isError)
    {
        var verdict = Verify($"import std; sub vcl_recv {{ std.collect(req.http.Cookie, \"; \"); {receive} }}");

        Assert.Equal(isError,
            verdict.Diagnostics.Items.Any(d => d is { Code: "personal/cacheable", Severity: Severity.Error }));
        Assert.Equal(!isError,
            verdict.Diagnostics.Items.Any(d => d is { Code: "personal/anonymous", Severity: Severity.Warning }));
    }

    // Behind another separator, what a line begins with is no cookie for whoever looks for one.
    [Theory]
    [InlineData("""std.collect(req.http.Cookie, "; ");""", "[;, ]", true)]
    [InlineData("""std.collect(req.http.Cookie, ", ");""", "[;, ]", true)]
    [InlineData("std.collect(req.http.Cookie);", "[;,] *", true)]
    [InlineData("std.collect(req.http.Cookie);", "; ?", false)]
    [InlineData("""std.collect(req.http.Cookie, ",");""", ", ", false)]
    [InlineData("""std.collect(req.http.Cookie, "x");""", "[;, ]", false)]
    [InlineData("""if (req.url ~ "a") { std.collect(req.http.Cookie); } else { std.collect(req.http.Cookie, ";"); }""",
        "[;, ]", false)]
    public void Lines_of_cookies_are_put_together_so_that_each_is_one(string collect, string before, bool isProven)
    {
        var verdict = Verify($$"""
            import std;
            sub vcl_recv {
                {{collect}}
                if (req.http.Cookie ~ "(^|{{before}})session=" || req.http.Authorization) { return (pass); }
                unset req.http.Cookie;
                return (hash);
            }
            """);

        Assert.Equal(isProven, !verdict.Diagnostics.Items.Any(d => d.Severity == Severity.Error));
    }

    // An attacker alone sends such a target, and what he is answered is his own page.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_target_that_no_client_sends_counts_under_strict(bool strict)
    {
        var verdict = Verify("""
            sub vcl_recv {
                if (req.url ~ "(?i)^(/|https?:)" && req.url !~ "^/news/[a-z]+$") { return (pass); }
                if (req.http.Authorization || req.method != "GET") { return (pass); }
                unset req.http.Cookie;
                return (hash);
            }
            """, strict: strict);

        Assert.Equal(strict, verdict.Diagnostics.Items.Any(d => d.Code == "personal/cacheable"));
    }

    private static Verdict Verify(
        string vcl, IdentityCarriers? identity = null, bool anonymous = false, bool strict = false,
            string profile = "go")
    {
        var (parse, question) = Asked(vcl, identity, anonymous, strict, profile);
        return VclVerifier.Verify(parse, question);
    }

    private static (VclParse Vcl, VclQuestion Question) Asked(
        string vcl, IdentityCarriers? identity = null, bool anonymous = false, bool strict = false,
            string profile = "go") => (
        VclParser.Parse("default.vcl", "vcl 4.1; backend default { .host = \"192.0.2.1\"; }\n" + vcl),
        new VclQuestion(PersonalLanguage.Of([new PathPrefix("/account")], [profile]), identity ?? Session,
            new EngineVersion(7, 1), strict)
        {
            CountsAnonymous = anonymous,
        });
}
