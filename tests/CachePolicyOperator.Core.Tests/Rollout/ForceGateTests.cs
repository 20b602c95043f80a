using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Tests.Verification;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class ForceGateTests
{
    private static readonly Diagnostic Warning = Diagnostic.Warning(
        "rule/shadowed", "spec.rules[1]", "is never reached");
    private static readonly Diagnostic Error = Diagnostic.Error(
        "personal/unreadable", "personalroutes/shop", "cannot be read");

    private static readonly ProvenPolicy Proven = new(
        APolicy.OfTheDesign().Build(),
        new RenderTarget("192.0.2.1", 8080, "7.1"),
        new ProvenRevision("vcl 4.1;", new ProofRecord(Digest.Of("vcl 4.1;"), "7.1", "test", [], ["strict"])),
        Generation: 7);

    [Fact]
    public void What_is_proven_and_has_nothing_against_it_comes_into_force_as_it_was_proven()
    {
        var inForce = InForce.Of(ForceGate.Decide(Proven, [Warning]).Admitted!);

        Assert.Equal((Proven.Revision.Digest, 7), (inForce.Revision, inForce.Generation));
        Assert.Equal(Proven.Set.Policy.Entrypoints, inForce.Entrypoints);
        Assert.Equal(Proven.Target, inForce.Target);
    }

    [Fact]
    public void An_error_beside_the_proof_keeps_it_out()
    {
        var answer = ForceGate.Decide(Proven, [Warning, Error]);

        Assert.Null(answer.Admitted);
        Assert.Equal(Error, answer.Objection);
    }
}
