using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>Leaks that requests to pages for everybody show, where the proof does not get through.</summary>
public sealed class TriedRequestsTests
{
    // With look-behind and a group behind it, what is left of the URL is not followed.
    private const string NotFollowed =
        """set req.url = regsuball(req.url, "(?<=[?&])(utm_[a-z]+)(=[^&]*)?(&|$)", "");""";

    private const string Sorted = "set req.url = std.querysort(req.url);";

    private const string Looked = "unset req.http.Cookie; return (hash);";

    private const string NamedPage = """if (req.url !~ "^/(news|sport)/") { return (pass); }""";

    [Fact]
    public void An_answer_with_cookies_is_shown_by_a_page_that_the_rewrites_leave_alone()
    {
        var verdict = Verify($$"""
            sub vcl_recv {
                if (req.http.Authorization || req.http.Cookie ~ "session") { return (pass); }
                {{NotFollowed}}
                {{Sorted}}
                {{Looked}}
            }
            sub vcl_backend_response { unset beresp.http.Set-Cookie; }
            """);

        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d =>
            d is { Code: "response/stored-private", Severity: Severity.Error, Witness: not null });
    }

    [Fact]
    public void A_token_that_reaches_the_origin_is_shown_by_a_page_that_the_vcl_names()
    {
        var verdict = Verify($$"""
            sub vcl_recv {
                {{NotFollowed}}
                {{Sorted}}
                {{NamedPage}}
                {{Looked}}
            }
            """);

        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d is { Code: "identity/unkeyed", Severity: Severity.Error });
    }

    [Fact]
    public void Nothing_is_shown_where_the_same_passes() => Assert.NotEqual(VerdictKind.Refuted, Verify($$"""
        sub vcl_recv {
            if (req.http.Authorization || req.http.Cookie ~ "session") { return (pass); }
            {{NotFollowed}}
            {{Sorted}}
            {{NamedPage}}
            {{Looked}}
        }
        """).Kind);

    // A pattern that is not followed leaves what it surely does not match as it is, and nothing else: `/sport/a`
    // becomes `/mypage/port/a`.
    [Theory]
    [InlineData("/(?<=/)x-(mine)", true)]
    [InlineData("/(?<=/)s(port)", false)]
    public void What_surely_does_not_match_is_not_rewritten(string pattern, bool isProven) =>
        Assert.Equal(isProven, Verify($$"""
            sub vcl_recv {
                if (req.url !~ "^/(news|sport)/[a-z]+$") { return (pass); }
                set req.url = regsub(req.url, "{{pattern}}", "/mypage/\1");
                unset req.http.Authorization;
                {{Looked}}
            }
            """).Kind == VerdictKind.Proven);

    private static Verdict Verify(string text) => VclVerifier.Verify(
        VclParser.Parse("test.vcl", "vcl 4.1;\nimport std;\nbackend default { .host = \"192.0.2.1\"; }\n" + text),
        new VclQuestion(PersonalLanguage.Of([new PathPrefix("/mypage")], ["strict"]),
            new IdentityCarriers(["session"], [], []), EngineVersion.Default, Strict: false));
}
