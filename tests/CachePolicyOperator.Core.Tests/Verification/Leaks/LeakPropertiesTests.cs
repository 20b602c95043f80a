using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>What the properties say beside the leaks of the table.</summary>
public sealed class LeakPropertiesTests
{
    private static readonly LeakFixture Safe = LeakFixture.Named("t10-page-as-asset");

    [Fact]
    public void A_vcl_of_an_engine_older_than_the_model_is_left_open() =>
        Assert.Equal(VerdictKind.Unknown, Verify(Safe.Repaired, new EngineVersion(6, 0)).Kind);

    [Fact]
    public void A_newer_engine_than_was_tried_is_a_warning()
    {
        var verdict = Verify(Safe.Repaired, new EngineVersion(9, 1));

        Assert.Equal(VerdictKind.Proven, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d is { Code: "engine/version", Severity: Severity.Warning });
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(7, 6)]
    [InlineData(7, 7)]
    [InlineData(8, 0)]
    [InlineData(9, 0)]
    public void Strictly_safe_is_strictly_safe_on_every_engine_we_know(int major, int minor) =>
        Assert.Equal(VerdictKind.Proven, Verify(Safe.Repaired, new EngineVersion(major, minor), strict: true).Kind);

    [Theory]
    [InlineData("unset bereq.http.X-Forwarded-Host;", "X-Forwarded-Host")]
    [InlineData("unset bereq.http.Referer;", "Referer")]
    [InlineData("unset bereq.body;", "body")]
    public void A_field_that_is_not_removed_is_named(string line, string what)
    {
        var vcl = Safe.Repaired.Replace(line, string.Empty, StringComparison.Ordinal);

        var verdict = Verify(vcl, EngineVersion.Default, strict: true);

        Assert.Contains(verdict.Diagnostics, d =>
            d is { Code: "key/unkeyed-input", Witness: not null }
                && d.Message.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void A_cookie_that_is_removed_after_the_fetch_was_sent_all_the_same()
    {
        var vcl = LeakFixture.Named("i17-trust-in-vary").Leaking
            .Replace("sub vcl_backend_response {", "sub vcl_backend_response {\n    unset bereq.http.Cookie;",
                StringComparison.Ordinal);

        Assert.Contains(Verify(vcl, EngineVersion.Default).Diagnostics,
            d => d is { Code: "identity/unkeyed", Witness: not null });
    }

    [Fact]
    public void A_backend_that_a_cookie_chooses_is_a_decision_by_the_cookie()
    {
        var vcl = LeakFixture.Named("q-implicit-flow").Leaking
            .Replace("sub vcl_recv {", "backend gold { .host = \"127.0.0.1\"; .port = \"8081\"; }\n\nsub vcl_recv {",
                StringComparison.Ordinal)
            .Replace("set req.http.X-Tier = \"gold\";", "set req.backend_hint = gold;", StringComparison.Ordinal);

        Assert.Contains(Verify(vcl, EngineVersion.Default).Diagnostics,
            d => d is { Code: "identity/unkeyed", Witness: not null });
    }

    [Fact]
    public void A_retry_after_a_failure_that_restores_the_cookie_is_a_fetch_like_any_other()
    {
        var vcl = LeakFixture.Named("i01-partial-flaw").Repaired.Replace("unset req.http.Cookie;",
            "set req.http.X-C = req.http.Cookie;\n        unset req.http.Cookie;", StringComparison.Ordinal)
            + """

              sub vcl_backend_fetch {
                  if (bereq.retries == 0) {
                      set bereq.http.X-Kept = bereq.http.X-C;
                  }
                  unset bereq.http.X-C;
              }

              sub vcl_backend_error {
                  set bereq.http.Cookie = bereq.http.X-Kept;
                  return (retry);
              }
              """;

        Assert.Contains(Verify(vcl, EngineVersion.Default).Diagnostics,
            d => d is { Code: "identity/unkeyed", Witness: not null });
    }

    private static Verdict Verify(string vcl, EngineVersion engine, bool strict = false) =>
        VclVerifier.Verify(VclParser.Parse("default.vcl", vcl),
            Safe.Question with { Engine = engine, Strict = strict });
}
