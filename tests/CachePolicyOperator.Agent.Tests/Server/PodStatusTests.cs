using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Core.AgentProtocol;
using Moq;

namespace CachePolicyOperator.Agent.Tests.Server;

public sealed class PodStatusTests : IDisposable
{
    private static readonly CancellationToken Any = CancellationToken.None;
    private static readonly RevisionPackage Package = Vcl.Package(1);

    private readonly AgentParts _parts = new(
        ProvenState.Fresh with { Serving = Package.Proof.Digest, Held = [Package.Proof.Digest] }, Package);

    [Fact]
    public async Task A_pod_is_ready_while_it_serves_what_is_proven_and_is_watched()
    {
        _parts.Watch.Attached(_parts.Time.GetUtcNow());
        _parts.Time.Advance(LogWatch.LossCounts);
        Assert.False(_parts.Status.IsReady);
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        Assert.True(_parts.Status.IsReady);

        _parts.Watch.Detached();
        _parts.Time.Advance(LogWatch.Grace);
        Assert.False(_parts.Status.IsReady);
    }

    [Fact]
    public async Task A_pod_whose_varnishd_runs_no_process_that_serves_is_not_ready()
    {
        _parts.Watch.Attached(_parts.Time.GetUtcNow());
        _parts.Varnish.Setup(v => v.ServesAsync(Any)).ReturnsAsync(false);

        await _parts.Restorer.LookAsync(isChanged: true, Any);

        Assert.True(_parts.Status.Read().ActiveProven);
        Assert.False(_parts.Status.IsReady);
    }

    public void Dispose() => _parts.Dispose();
}
