using CachePolicyOperator.Oracle.Fuzz;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>A short run of <c>make fuzz</c> from fixed seeds.</summary>
[Collection(VarnishTests.Name)]
public sealed class FuzzTests(VarnishFixture fixture)
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Varnishd_does_nothing_that_the_exploration_considers_impossible(int seed)
    {
        const int Vcls = 10;
        var options = new FuzzOptions(0, (ulong)seed, 80, 1, null, null, []);
        var decisions = 0;
        for (var number = 0; number < Vcls; number++)
        {
            var (trial, _) =
                await fixture.Trials.PlayAsync(new Batches(options, []).Make(number), CancellationToken.None);
            Assert.True(trial is null || trial.Judgement.Unsound.Count == 0,
                $"make fuzz; then --seed {seed} --requests 80 --only {number}: "
                    + $"{string.Join("; ", trial?.Judgement.Unsound ?? [])}");
            decisions += trial?.Judgement.Decisions ?? 0;
        }

        Assert.True(decisions > 300, $"{decisions} decisions");
    }
}
