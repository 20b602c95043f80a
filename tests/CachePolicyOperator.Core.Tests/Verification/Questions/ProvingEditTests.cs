using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

public sealed class ProvingEditTests
{
    private const string Leak = """
        vcl 4.1;
        backend default { .host = "192.0.2.1"; }
        sub vcl_recv {
            if (req.url ~ "^/my") {
                return (hash);
            }
            return (pass);
        }
        """;

    private static readonly VclQuestion Question = new(
        PersonalLanguage.Of([new PathPrefix("/mypage")], ["go"]), new IdentityCarriers(["session"], [], []),
        EngineVersion.Default, Strict: false);

    [Fact]
    public void The_edit_that_is_named_proves_the_VCL_where_it_is_made()
    {
        var edit = Find(Leak)!;

        Assert.Equal(5, edit.Place.Line);
        var source = SourceFile.FromText("default.vcl", Leak);
        var span = source.SpanOf(edit.Place);
        var edited = source.Text[..span.Start] + edit.Text + source.Text[span.End..];
        Assert.Equal(VerdictKind.Proven, Verify(edited).Kind);
        Assert.Equal(VerdictKind.Refuted, Verify(Leak).Kind);
    }

    [Fact]
    public void Nothing_is_named_where_no_edit_at_the_leak_would_prove_it() => Assert.Null(Find(Leak.Replace(
        "return (hash);\n",
            "return (hash);\n    }\n    if (req.url ~ \"^/m\") {\n        return (hash);\n    }\n    if (req.url ~ "
                + "\"^/\") {\n        return (hash);\n", StringComparison.Ordinal)));

    [Fact]
    public void Nothing_is_named_for_a_VCL_that_is_proven() =>
        Assert.Null(Find(Leak.Replace("hash", "pass", StringComparison.Ordinal)));

    [Fact]
    public void What_leaks_is_told_before_what_only_weakens()
    {
        var severities = Verify(Leak).Diagnostics.Items.Select(d => d.Severity).ToArray();

        Assert.Contains(Severity.Warning, severities);
        Assert.Equal(severities.OrderByDescending(s => s), severities);
    }

    private static ProvingEdit? Find(string vcl) =>
        ProvingEdit.Find(VclParser.Parse("default.vcl", vcl), Verify(vcl), Question);

    private static Verdict Verify(string vcl) => VclVerifier.Verify(VclParser.Parse("default.vcl", vcl), Question);
}
