using System.Security.Cryptography;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.TestCluster;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Agents;

public sealed class AgentSessionTests : IAsyncLifetime
{
    private const string Text = "vcl 4.1; # good";

    private static readonly AgentTimes Times = new()
    {
        Poll = TimeSpan.FromMilliseconds(50),
        Retry = TimeSpan.FromMilliseconds(20),
        Answer = TimeSpan.FromSeconds(2),
    };

    private static readonly RevisionPackage Revision = new(
        Text, new ProofRecord(Digest.Of(Text), "7.1", "test", [], ["strict"]), "vcl 4.1; # bypass");

    private static readonly GuardConfiguration Guard = new(
        ["www.example.com"], [new GuardedRoute(null, "/mypage", null, null)], ["strict"], IdentityCarriers.None,
            LeakResponse.NoCache, "a2V5");

    private readonly Authority _authority = AuthorityRotation.Advance(
        null, TimeProvider.System.GetUtcNow(), CertificateTimes.Default);
    private readonly FakeAgent _agent = new();
    private AgentSession? _session;

    [Fact]
    public async Task It_brings_a_fresh_pod_to_its_mandate()
    {
        await StartAgentAsync();
        Open().Pursue(Mandate(CacheLevel.Cached));

        await Eventually.TrueAsync("the pod serves",
            _ => Task.FromResult(_agent.Status is { Level: CacheLevel.Cached, ActiveProven: true }));

        Assert.Equal(["load", "guard", "purge", "activate", "level"], _agent.Acts);
        Assert.Equal(Revision, _agent.Held[Revision.Proof.Digest] with { Signature = null });
        await Eventually.TrueAsync("it is seen",
            _ => Task.FromResult(PodSteps.IsThere(Mandate(CacheLevel.Cached).Target, _session!.Status)));
    }

    [Fact]
    public async Task An_agent_that_is_too_old_to_try_anything_is_led_everywhere_else_and_named_with_the_remedy()
    {
        _agent.IsOld = true;
        await StartAgentAsync();
        var mandate = Mandate(CacheLevel.Cached);
        var order = new TrialOrder("one", Revision.Proof.Digest, ["www.example.com"], ["/"], 1, 1);
        Open().Pursue(mandate with { Target = mandate.Target with { Trial = "one" }, Trial = order });

        await Eventually.TrueAsync("it is told",
            _ => Task.FromResult(_session!.Trouble?.Contains("rollout.canary.pods", StringComparison.Ordinal) == true));

        Assert.True(_agent.Status is { Level: CacheLevel.Cached, ActiveProven: true, Watching: true });
    }

    [Fact]
    public async Task It_may_be_ended_by_two_at_once()
    {
        await StartAgentAsync();
        var session = Open();

        var ends = Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await session.DisposeAsync()));

        Assert.Null(await Record.ExceptionAsync(() => Task.WhenAll(ends)));
        Assert.Null(await Record.ExceptionAsync(async () => await session.DisposeAsync()));
    }

    [Fact]
    public async Task It_hears_of_a_leak_and_does_not_lift_the_bypass_until_an_incident_stands_for_it()
    {
        await StartAgentAsync();
        Open().Pursue(Mandate(CacheLevel.Cached));
        await Eventually.TrueAsync("the pod serves", _ => Task.FromResult(_agent.Status.Level == CacheLevel.Cached));

        var leak = _agent.Leak(TimeProvider.System.GetUtcNow());
        await Eventually.TrueAsync("the leak is heard", _ => Task.FromResult(_session!.Account.Events.Contains(leak)));
        await Eventually.TrueAsync("the status is seen",
            _ => Task.FromResult(_session!.Status?.LastLeak == leak.Sequence));
        var acts = _agent.Acts.Count;
        _session!.Pursue(Mandate(CacheLevel.Cached) with { Reason = "as before" });
        await Eventually.TrueAsync("it looked again",
            _ => Task.FromResult(_session.Status?.LastEvent == leak.Sequence));

        Assert.Equal(acts, _agent.Acts.Count);
        _session.Pursue(
            Mandate(CacheLevel.Cached) with
            {
                Target =
            Mandate(CacheLevel.Cached).Target with { RecordedLeak = leak.Sequence }
            });
        await Eventually.TrueAsync("the bypass is lifted",
            _ => Task.FromResult(_agent.Status.Level == CacheLevel.Cached));
    }

    [Fact]
    public async Task An_order_to_go_down_interrupts_a_load_that_hangs()
    {
        await StartAgentAsync();
        Open().Pursue(Mandate(CacheLevel.Cached));
        await Eventually.TrueAsync("the pod serves", _ => Task.FromResult(_agent.Status.Level == CacheLevel.Cached));
        var hang = new TaskCompletionSource();
        _agent.Hang = hang.Task;
        _session!.Pursue(
            Mandate(CacheLevel.Cached) with
            {
                Target =
            Mandate(CacheLevel.Cached).Target with { Revision = Digest.Of("other") }
            });
        await Eventually.TrueAsync("it is seen to hang", _ => Task.FromResult(_session.Status is null));

        _agent.Hang = null;
        _session.Pursue(Mandate(CacheLevel.NoCache));

        await Eventually.TrueAsync("the pod is bypassed",
            _ => Task.FromResult(_agent.Status.Level == CacheLevel.Bypassed));
        hang.SetResult();
    }

    [Fact]
    public async Task What_the_agent_refuses_is_told_in_its_words()
    {
        await StartAgentAsync();
        _agent.RefuseRevisions = new AgentError("revision/compile-failed", "Message from VCC-compiler: expected ';'");
        Open().Pursue(Mandate(CacheLevel.Cached));

        await Eventually.TrueAsync("the refusal is told",
            _ => Task.FromResult(_session!.Trouble?.Contains("expected ';'", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task It_does_not_speak_with_the_agent_of_another_policy()
    {
        await StartAgentAsync(AgentApi.AgentName("web", "other"));
        Open().Pursue(Mandate(CacheLevel.Cached));

        await Eventually.TrueAsync("it is in trouble", _ => Task.FromResult(_session!.Trouble is not null));

        Assert.Null(_session!.Status);
        Assert.Empty(_agent.Acts);
        Assert.Contains("does not prove to be an agent of policy `storefront`; mount `storefront.crt`",
            _session.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_without_an_agent_is_told_with_the_address_where_one_should_answer()
    {
        Open().Pursue(Mandate(CacheLevel.Cached));

        await Eventually.TrueAsync("it is told", _ => Task.FromResult(
            _session!.Trouble?.StartsWith($"no agent answers on {_agent.Ip}:{AgentApi.Port}",
                StringComparison.Ordinal) == true));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }

        await _agent.DisposeAsync();
    }

    private static PodMandate Mandate(CacheLevel level) => new(
        new PodTarget(Revision.Proof.Digest, level, Guard.ComputeDigest(), Purge: true), Revision, Guard, "test");

    private async Task StartAgentAsync(string? name = null)
    {
        var subject =
            new CertificateSubject("agent", [name ?? AgentApi.AgentName("web", "storefront")], [], IsServer: true);
        var leaf =
            CertificateMaker.Leaf(_authority.Current, subject, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));
        await _agent.StartAsync(leaf.Open(), _authority.Bundle);
    }

    private AgentSession Open()
    {
        var subject = new CertificateSubject("operator", [AgentApi.OperatorName], [], IsServer: false);
        var own =
            CertificateMaker.Leaf(_authority.Current, subject, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));
        var shown = own.Open();
        var certificates = new Mock<IOperatorCertificates>();
        certificates.Setup(c => c.Client).Returns(shown);
        certificates.Setup(c => c.Bundle).Returns(_authority.Bundle);
        certificates.Setup(c => c.Sign(It.IsAny<RevisionPackage>(), It.IsAny<string>()))
            .Returns((RevisionPackage r, string agent) => OperatorSignature.Sign(r, agent, Key()));
        certificates.Setup(c => c.Sign(It.IsAny<GuardConfiguration>(), It.IsAny<string>()))
            .Returns((GuardConfiguration g, string agent) => OperatorSignature.Sign(g, agent, Key()));
        var factory = new MutualTlsAgentClientFactory(certificates.Object, Times, TimeProvider.System);
        _session = new AgentSession(
            new AgentAddress("web", "storefront", "p0", "uid-0", _agent.Ip),
            factory,
            new TracingActSeam(NullLogger<TracingActSeam>.Instance),
            Times,
            TimeProvider.System,
            () => { },
            NullLogger.Instance);
        return _session;
    }

    private ECDsa Key()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(_authority.Current.KeyPem);
        return key;
    }
}
