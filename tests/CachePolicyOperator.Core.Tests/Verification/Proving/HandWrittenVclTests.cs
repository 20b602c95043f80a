using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Proving;

namespace CachePolicyOperator.Core.Tests.Verification.Proving;

public sealed class HandWrittenVclTests
{
    [Fact]
    public void Hand_written_VCL_that_leaks_is_refuted_with_the_request_and_the_line()
    {
        var verdict = Written("""
            sub vcl_recv {
                return (hash);
            }
            """);

        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        var leak = verdict.Diagnostics.Items.First(d => d.Code == "personal/cacheable");
        Assert.StartsWith("hand-written/default.vcl:4:", leak.Path, StringComparison.Ordinal);
        Assert.NotNull(leak.Witness);
    }

    [Fact]
    public void Hand_written_VCL_that_is_proven_stays_open_for_it_is_not_programmed()
    {
        var verdict = Written("sub vcl_recv { return (pass); }");

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Equal("vcl/unproven", Assert.Single(verdict.Diagnostics.Items).Code);
    }

    private static Verdict Written(string vcl)
    {
        var policy = APolicy.WithPersonal(new PathPrefix("/mypage")) with
        {
            Vcl = new("hand-written", "default.vcl", $$"""vcl 4.1;{{"\n"}}backend default { .host = "127.0.0.1"; }{{"\n"}}{{vcl}}"""),
        };
        return RevisionProver.Prove(policy.Build(), new RenderTarget("192.0.2.1", 8080, RenderTarget.DefaultEngineVersion)).Verdict;
    }
}
