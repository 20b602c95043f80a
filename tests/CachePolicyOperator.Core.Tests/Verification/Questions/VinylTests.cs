using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>What Vinyl Cache 9 does otherwise than Varnish 7, in verdicts.</summary>
public sealed class VinylTests
{
    private const string Safe = """
        sub vcl_recv {
            if (req.url ~ "^/static/[a-z]+[.]css$") { unset req.http.Cookie; unset req.http.Authorization; return (hash); }
            return (pass);
        }
        """;

    [Theory]
    [InlineData("", VerdictKind.Proven)]
    [InlineData("sub vcl_backend_refresh { set beresp.http.X-Who = bereq.http.Cookie; return (merge); }",
        VerdictKind.Unknown)]
    [InlineData("sub vcl_refresh_status { set beresp.ttl = 1y; return; }", VerdictKind.Unknown)]
    [InlineData("sub vcl_deliver { if (req.ttl > 70s || req.max_age > 70s) { unset resp.http.Age; } }",
        VerdictKind.Unknown)]
    [InlineData("sub vcl_deliver { if (req.max_age > 70s) { unset resp.http.Age; } }", VerdictKind.Proven)]
    [InlineData("import std; sub vcl_backend_response { std.rfc_ttl(); }", VerdictKind.Unknown)]
    public void What_is_not_modelled_is_unknown(string more, VerdictKind expected) =>
        Assert.Equal(expected, Verify(Safe + more, EngineVersion.Vinyl));

    // The number that the engine writes is there although no client sent it; under its other name it is a client's
    // field.
    [Theory]
    [InlineData("X-Varnish", "7.7", VerdictKind.Refuted)]
    [InlineData("X-Vinyl", "7.7", VerdictKind.Proven)]
    [InlineData("X-Vinyl", "9.0", VerdictKind.Refuted)]
    [InlineData("X-Varnish", "9.0", VerdictKind.Proven)]
    public void The_number_of_a_request_is_in_the_field_of_the_engine(string field, string engine, VerdictKind expected)
    {
        Assert.True(EngineVersion.TryParse(engine, out var version));

        Assert.Equal(expected, Verify($$"""
            sub vcl_recv {
                unset req.http.{{field}};
                set req.http.X-Copy = req.http.Cookie;
                unset req.http.Cookie; unset req.http.Authorization;
                if (req.url ~ "^/static/[a-z]+[.]css$") { return (hash); }
                return (pass);
            }
            sub vcl_backend_fetch {
                if (bereq.http.{{field}}) { set bereq.http.Cookie = bereq.http.X-Copy; }
                unset bereq.http.X-Copy;
            }
            """, version));
    }

    // The built-in VCL refuses what is no path, so nothing behind it is looked up with one.
    [Theory]
    [InlineData("8.0", false)]
    [InlineData("9.0", true)]
    public void The_built_in_vcl_lets_no_other_target_than_a_path_through(string engine, bool isRefused)
    {
        Assert.True(EngineVersion.TryParse(engine, out var version));

        Assert.Equal(isRefused ? VerdictKind.Proven : VerdictKind.Refuted, Verify("""
            sub vcl_recv {
                if (req.url ~ "^/" && req.url !~ "^/static/[a-z]+[.]css$") { return (pass); }
                unset req.http.Cookie; unset req.http.Authorization;
            }
            """, version));
    }

    private static VerdictKind Verify(string vcl, EngineVersion engine) => VclVerifier.Verify(
        VclParser.Parse("default.vcl", "vcl 4.1; backend default { .host = \"192.0.2.1\"; }\n" + vcl),
        new VclQuestion(PersonalLanguage.Of([new PathPrefix("/mypage")], ["go"]),
            new IdentityCarriers(["session"], [], []), engine, Strict: false)).Kind;
}
