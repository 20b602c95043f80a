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
/// VCLs that pass what origins may read in another way, rewrite what is left, and look it up: a definite answer,
/// whatever the origin is.
/// </summary>
public sealed class OddTargetTests
{
    private const string AllOdd = @"[^!-~]|//|/\.|%|;|&|#|\\";

    private const string Rewrites = """
        if (req.url ~ "[?&](seen_[a-z]+|clickid|from)=") {
            set req.url = regsuball(req.url, "([?&])(seen_[a-z]+|clickid|from)=[^&]*", "\1");
            set req.url = regsuball(req.url, "&&+", "&");
            set req.url = regsub(req.url, "\?&", "?");
            set req.url = regsub(req.url, "[?&]$", "");
        }
        set req.url = regsub(req.url, "#.*$", "");
        """;

    private const string PicturesAreForAll = """
        if (req.url ~ "^/(pictures|fonts)/") { set req.url = regsub(req.url, "\?.*$", ""); return (hash); }
        """;

    private const string ListedAreForAll = """if (req.url ~ "^/(shelves|about)/") { return (hash); }""";

    [Theory]
    [InlineData("strict")]
    [InlineData("go")]
    [InlineData("php")]
    [InlineData("spring6")]
    public void What_is_left_when_everything_odd_passes_is_proven(string profile) =>
        Assert.Equal(VerdictKind.Proven, Verify(AllOdd, profile).Kind);

    // The guard without one of its parts, an origin that reads such a target as the personal page, and how it is spelled.
    [Theory]
    [InlineData(@"[^!-~]|//|/\.|;|&|#|\\", "php", "%2e")]
    [InlineData(@"[^!-~]|//|%|;|&|#|\\", "go", "/..")]
    [InlineData(@"//|/\.|%|;|&|#|\\", "strict", @"\xc0\xae")]
    public void What_passes_too_little_is_shown_to_leak(string odd, string profile, string shown)
    {
        var verdict = Verify(odd, profile);

        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d is { Code: "personal/cacheable", Severity: Severity.Error }
            && d.Witness!.Target.Contains(shown, StringComparison.OrdinalIgnoreCase)
            && d.Witness.Target.Contains("/mypage", StringComparison.Ordinal));
    }

    // `/fonts/a;/../mypage` behind a guard that knows dots only where no parameter stands before them.
    [Theory]
    [InlineData(@"[^!-~]|//|%|&|#|\\|[a-z]/\.", "spring6")]
    [InlineData(@"[^!-~]|//|%|;|#|\\|[a-z]/\.", "go")]
    public void What_may_be_read_otherwise_is_not_proven(string odd, string profile) =>
        Assert.NotEqual(VerdictKind.Proven, Verify(odd, profile).Kind);

    // A rewrite makes the dots that the guard looked for.
    [Fact]
    public void A_rewrite_of_the_path_behind_the_guard_is_not_proven() =>
        Assert.NotEqual(VerdictKind.Proven, Verify(AllOdd, "go", """
            set req.url = regsub(req.url, "^/fonts/~([a-z]+)", "/fonts/../\1");
            """).Kind);

    private static Verdict Verify(string odd, string profile, string more = "") => VclVerifier.Verify(
        VclParser.Parse("test.vcl", $$"""
            vcl 4.1;
            backend default { .host = "192.0.2.1"; }
            sub vcl_recv {
                if (req.method != "GET" && req.method != "HEAD" || req.url ~ "^[^?]*({{odd}})") { return (pass); }
                {{Rewrites}}
                if (req.url ~ "^/(mypage|basket)(/|\?|$)") { return (pass); }
                {{more}}
                unset req.http.Cookie;
                unset req.http.Authorization;
                {{PicturesAreForAll}}
                {{ListedAreForAll}}
                return (pass);
            }
            """),
        new VclQuestion(PersonalLanguage.Of([new PathPrefix("/mypage")], [profile]),
            new IdentityCarriers(["session"], [], []), EngineVersion.Default, Strict: false));
}
