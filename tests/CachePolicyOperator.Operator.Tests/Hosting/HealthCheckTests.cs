using CachePolicyOperator.Operator.Hosting;
using CachePolicyOperator.TestCluster;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Operator.Tests.Hosting;

public sealed class HealthCheckTests
{
    // Each look at the clock takes it further than the check is patient.
    private readonly FakeTimeProvider _impatient = new() { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task Who_is_ready_passes_and_who_is_not_is_told_with_its_own_words()
    {
        await using var ready = await HttpOrigin.StartAsync(_ => OriginResponse.Text("ok"));
        await using var unready = await HttpOrigin.StartAsync(
            _ => OriginResponse.Text("cachepolicies are not listed yet") with { Status = 503 });

        Assert.Null(await AskAsync(ready.Port));
        Assert.Equal("cachepolicies are not listed yet", await AskAsync(unready.Port));
    }

    [Fact]
    public async Task Who_does_not_answer_is_not_ready() => Assert.NotNull(await AskAsync(Ports.Free()));

    private Task<string?> AskAsync(int port) =>
        HealthCheck.AskAsync(new Uri($"http://127.0.0.1:{port}/readyz"), _impatient, CancellationToken.None);
}
