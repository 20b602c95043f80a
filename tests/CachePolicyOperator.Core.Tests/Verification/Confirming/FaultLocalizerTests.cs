using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Confirming;

public sealed class FaultLocalizerTests
{
    private const string Backend = "vcl 4.1; backend default { .host = \"192.0.2.1\"; }\n";

    [Fact]
    public void Where_the_author_says_nothing_more_it_is_the_end_of_the_subroutine()
    {
        var leak = First("personal/cacheable",
            "sub vcl_recv {\n  if (req.http.Authorization) { return (pass); }\n  unset req.http.Cookie;\n}\nsub "
                + "vcl_deliver { }");

        Assert.Equal(("default.vcl:5:1", new SourcePlace("default.vcl", 5, 1, 1)), (leak.Path, leak.Place));
        Assert.EndsWith("(the built-in `vcl_recv` goes on here)", leak.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_parts_it_is_the_end_of_the_last() => Assert.Equal(
        "default.vcl:3:39",
            First("personal/cacheable",
            "sub vcl_recv { unset req.http.X; }\nsub vcl_recv { unset req.http.Cookie; }").Path);

    [Fact]
    public void What_is_not_in_the_key_is_let_through_by_the_lookup()
    {
        var leak = First("identity/unkeyed",
            "sub vcl_recv {\n  return (hash);\n}\nsub vcl_backend_response { set beresp.http.X = \"1\"; }");

        Assert.Equal(("default.vcl:3:3", "return (hash);".Length), (leak.Path, leak.Place!.Length));
        Assert.DoesNotContain("goes on", leak.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_answer_is_let_through_where_answers_are_judged() => Assert.Equal(
        "default.vcl:3:58",
            First("response/stored-private",
            "sub vcl_recv { return (hash); }\nsub vcl_backend_response { unset beresp.http.Set-Cookie; }").Path);

    [Fact]
    public void A_private_answer_that_nobody_judges_is_let_through_by_the_lookup() =>
        Assert.Equal("default.vcl:2:16", First("response/stored-private", "sub vcl_recv { return (hash); }").Path);

    [Fact]
    public void Of_a_vcl_without_subroutines_it_is_the_built_in_one() =>
        Assert.StartsWith("builtin/", First("personal/anonymous", "", Severity.Warning).Path, StringComparison.Ordinal);

    private static Diagnostic First(string code, string vcl, Severity severity = Severity.Error) => VclVerifier.Verify(
        VclParser.Parse("default.vcl", Backend + vcl),
        new VclQuestion(PersonalLanguage.Of([new PathPrefix("/mypage")], ["go"]),
            new IdentityCarriers(["session"], [], []), new EngineVersion(7, 1), Strict: false))
        .Diagnostics.Items.First(d => d.Code == code && d.Severity == severity);
}
