using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Orders;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.TestCluster;
using Moq;

namespace CachePolicyOperator.Agent.Tests.Switching;

/// <summary>
/// Who waits for whom: nothing here answers before the test lets it, so what is not done at once waits.
/// </summary>
public sealed class VclSwitchTests : IDisposable
{
    private static readonly CancellationToken Any = CancellationToken.None;
    private static readonly RevisionPackage First = Vcl.Package(1, "1");
    private static readonly RevisionPackage Second = Vcl.Package(1, "2");
    private static readonly string Bypass = VclToUse.NameOf(Digest.Of(First.BypassVcl));

    private static readonly ProvenState Serving =
        ProvenState.Fresh with { Serving = First.Proof.Digest, Held = [First.Proof.Digest] };

    private readonly AgentParts _parts = new(Serving, First);
    private readonly TaskCompletionSource _answer = new();

    [Fact]
    public async Task A_bypass_does_not_wait_for_a_revision_that_is_being_compiled()
    {
        _parts.Varnish.Setup(v => v.LoadAsync(It.IsAny<string>(), It.IsAny<string>(), Any)).Returns(_answer.Task);
        var put = _parts.Orders.PutRevisionAsync(Second.Proof.Digest, Second, Any);

        var bypass = _parts.Reflex.OnTripAsync(Trip(), Any);

        Assert.True(bypass.IsCompletedSuccessfully);
        Assert.Equal(Bypass, _parts.Active);
        Assert.False(put.IsCompleted);
        _answer.SetResult();
        await put;
        Assert.Equal(CacheLevel.Bypassed, _parts.Switch.Record.Level);
    }

    [Fact]
    public async Task A_bypass_does_not_wait_for_a_look_and_the_look_is_done_again()
    {
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        var old = _parts.List();
        _parts.Varnish.SetupSequence(v => v.ListAsync(Any)).Returns(OldAsync).ReturnsAsync(_parts.List);
        var look = _parts.Observer.ObserveAsync(Any);

        var bypass = _parts.Reflex.OnTripAsync(Trip(), Any);

        Assert.True(bypass.IsCompletedSuccessfully);
        Assert.False(look.IsCompleted);
        _answer.SetResult();
        await look;
        Assert.Equal((Bypass, true), (_parts.Switch.Seen.ActiveName, _parts.Switch.Seen.ActiveIsBypass));

        async Task<IReadOnlyList<VclEntry>> OldAsync()
        {
            await _answer.Task;
            return old;
        }
    }

    [Fact]
    public async Task A_look_is_done_again_where_the_answer_to_a_switch_was_lost_meanwhile()
    {
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        var old = _parts.List();
        _parts.Varnish.SetupSequence(v => v.ListAsync(Any)).Returns(OldAsync).ReturnsAsync(_parts.List);
        _parts.Varnish.Setup(v => v.UseAsync(Bypass, Any)).Returns(() =>
        {
            _parts.Active = Bypass;
            throw new VarnishUnavailableException("cut off");
        });
        var look = _parts.Observer.ObserveAsync(Any);

        await _parts.Reflex.OnTripAsync(Trip(), Any);
        _answer.SetResult();
        await look;

        Assert.Equal((Bypass, true), (_parts.Switch.Seen.ActiveName, _parts.Switch.Seen.ActiveIsBypass));

        async Task<IReadOnlyList<VclEntry>> OldAsync()
        {
            await _answer.Task;
            return old;
        }
    }

    [Fact]
    public async Task An_order_to_bypass_does_not_wait_for_a_revision_that_is_being_compiled()
    {
        _parts.Varnish.Setup(v => v.LoadAsync(It.IsAny<string>(), It.IsAny<string>(), Any)).Returns(_answer.Task);
        var put = _parts.Orders.PutRevisionAsync(Second.Proof.Digest, Second, Any);

        var order = _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Bypassed, "test", 0), Any);

        Assert.True(order.IsCompletedSuccessfully);
        _answer.SetResult();
        await put;
    }

    [Fact]
    public async Task Two_switches_are_written_down_in_the_order_in_which_they_were_done()
    {
        _parts.Varnish.SetupSequence(v => v.UseAsync(It.IsAny<string>(), Any))
            .Returns(_answer.Task)
            .Returns(Task.CompletedTask);
        var activation = _parts.Orders.ActivateAsync(First.Proof.Digest, Any);
        var bypass = _parts.Reflex.OnTripAsync(Trip(), Any);
        Assert.False(bypass.IsCompleted);

        _answer.SetResult();
        await bypass;
        await activation;

        Assert.Equal(CacheLevel.Bypassed, _parts.Switch.Record.Level);
        _parts.Varnish.Verify(v => v.UseAsync(Bypass, Any), Times.Once);
    }

    [Fact]
    public async Task What_is_proven_for_another_version_is_bypassed()
    {
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        Assert.Equal(First.Proof.Digest, _parts.Switch.Desired($"{Engine.Version}.0")?.Digest);

        Assert.Equal(Bypass, _parts.Switch.Desired("7.2.0")?.Name);
        Assert.Equal(Bypass, _parts.Switch.Desired(null)?.Name);
    }

    [Fact]
    public async Task A_pod_is_bypassed_with_the_bypass_of_what_it_serves()
    {
        var other = Vcl.Package(2);
        var record = Serving with { Held = [First.Proof.Digest, other.Proof.Digest] };
        using var parts = new AgentParts(record, First, other);

        await parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Bypassed, "test", 0), Any);

        Assert.Equal(Bypass, parts.Active);
    }

    [Fact]
    public async Task What_varnishd_is_about_to_discard_is_not_loaded_any_more()
    {
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        await _parts.Observer.ObserveAsync(Any);
        Assert.Equal([First.Proof.Digest], _parts.Switch.Seen.Loaded.ToArray());

        _parts.Varnish.Setup(v => v.ListAsync(Any))
            .ReturnsAsync([.. _parts.List().Select(v => v with { Status = "discarded" })]);
        await _parts.Observer.ObserveAsync(Any);

        Assert.Empty(_parts.Switch.Seen.Loaded.Items);
    }

    [Fact]
    public async Task What_is_activated_while_the_pod_is_bypassed_does_not_serve_for_a_moment()
    {
        await _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Bypassed, "test", 0), Any);

        await _parts.Orders.ActivateAsync(First.Proof.Digest, Any);

        Assert.Equal(Bypass, _parts.Active);
        _parts.Varnish.Verify(v => v.UseAsync(VclToUse.NameOf(First.Proof.Digest), Any), Times.Never);
    }

    [Fact]
    public async Task What_is_on_disk_and_not_in_the_record_is_not_activated()
    {
        using var parts = new AgentParts(Serving, First, Second);

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => parts.Orders.ActivateAsync(Second.Proof.Digest, Any));

        Assert.Equal("revision/not-loaded", refused.Error.Code);
        Assert.Equal("boot", parts.Active);
    }

    [Fact]
    public async Task What_is_on_disk_under_the_digest_of_another_text_is_not_held()
    {
        using var parts = new AgentParts(Serving, First with { Vcl = First.Vcl + "\n# one more line" });

        await parts.Restorer.LookAsync(isChanged: true, Any);

        Assert.Empty(parts.Switch.Held());
        Assert.Equal("boot", parts.Active);
        Assert.Equal(["boot"], parts.Texts.Keys);
    }

    [Fact]
    public async Task What_became_unfit_since_it_was_loaded_is_not_activated()
    {
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        await _parts.Orders.PutRevisionAsync(Second.Proof.Digest, Second, Any);
        _parts.Varnish.Setup(v => v.EngineVersionAsync(Any)).ReturnsAsync("7.2.0");

        var refused =
            await Assert.ThrowsAsync<RefusedException>(() => _parts.Orders.ActivateAsync(Second.Proof.Digest, Any));

        Assert.Equal("engine/version", refused.Error.Code);
        Assert.Equal(VclToUse.NameOf(First.Proof.Digest), _parts.Active);
        Assert.Equal(First.Proof.Digest, _parts.Switch.Record.Serving);
    }

    [Fact]
    public async Task A_bypass_that_is_larger_than_a_text_may_be_is_refused()
    {
        var large = Second with { BypassVcl = new string(' ', OperatorOrders.MaxVclBytes + 1) };

        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => _parts.Orders.PutRevisionAsync(Second.Proof.Digest, large, Any));

        Assert.Equal("request/too-large", refused.Error.Code);
    }

    [Fact]
    public async Task A_bypass_that_is_ordered_again_is_told_once()
    {
        await _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Bypassed, "test", 0), Any);
        await _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Bypassed, "test", 0), Any);

        Assert.Single((await _parts.EventsAsync()).OfType<LevelChanged>());
    }

    public void Dispose() => _parts.Dispose();

    private static Trip Trip() =>
        new(LeakTrigger.Served, IsNew: true, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
