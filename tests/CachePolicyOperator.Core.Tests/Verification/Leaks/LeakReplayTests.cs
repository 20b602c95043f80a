using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>The verdicts, held to a real varnishd.</summary>
public sealed class LeakReplayTests(LeakRig rig) : IClassFixture<LeakRig>
{
    public static TheoryData<string> Names => LeakFixtureTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_witness_leaks_on_varnishd_and_not_through_the_repaired_twin(string name)
    {
        var fixture = LeakFixture.Named(name);
        var findings = fixture.Verify(fixture.Leaking).Diagnostics.Items
            .Where(d => d.Code == fixture.Code && d.Severity == Severity.Error && d.Witness is not null).ToArray();
        var shown = new List<Diagnostic>();
        foreach (var finding in findings)
        {
            if (await new LeakReplay(rig, fixture, finding).LeaksAsync(fixture.Leaking))
            {
                shown.Add(finding);
                Assert.False(await new LeakReplay(rig, fixture, finding).LeaksAsync(fixture.Repaired), $"the repaired twin leaks: {finding}");
            }
        }

        Assert.True(shown.Count > 0, $"no witness leaks: {string.Join('\n', findings.AsEnumerable())}");
    }
}
