using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Tests.Verification.Leaks;

/// <summary>The verdicts, held to a real varnishd.</summary>
public sealed class LeakReplayTests(LeakRig rig) : IClassFixture<LeakRig>
{
    private const int Share = 3;

    /// <summary>One of three: all of them take a minute of two processors, and change together.</summary>
    public static TheoryData<string> Some => [.. All.Where((_, i) => i % Share == 0)];

    public static TheoryData<string> Others => [.. All.Where((_, i) => i % Share != 0)];

    private static IEnumerable<string> All =>
        ((IEnumerable<object[]>)LeakFixtureTests.Names).Select(row => (string)row[0]);

    [Theory]
    [MemberData(nameof(Some))]
    public Task The_witness_leaks_on_varnishd_and_not_through_the_repaired_twin(string name) => ReplayAsync(name);

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Others))]
    public Task The_witness_of_the_others_leaks_on_varnishd_and_not_through_the_repaired_twin(string name) =>
        ReplayAsync(name);

    private async Task ReplayAsync(string name)
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
                Assert.False(await new LeakReplay(rig, fixture, finding).LeaksAsync(fixture.Repaired),
                    $"the repaired twin leaks: {finding}");
            }
        }

        Assert.True(shown.Count > 0, $"no witness leaks: {string.Join('\n', findings.AsEnumerable())}");
    }
}
