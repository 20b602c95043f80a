using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;
using Moq;

namespace CachePolicyOperator.Agent.Tests.Leaks;

/// <summary>Which trips bypass, when that is told, and what ends it.</summary>
public sealed class TripTests : IDisposable
{
    private static readonly CancellationToken Any = CancellationToken.None;
    private static readonly RevisionPackage Package = Vcl.Package(1);
    private static readonly string Revision = VclToUse.NameOf(Package.Proof.Digest);
    private static readonly string Bypass = VclToUse.NameOf(Digest.Of(Package.BypassVcl));
    private static readonly DateTimeOffset Settled = DateTimeOffset.FromUnixTimeSeconds(500_000);

    private static readonly ProvenState Serving = ProvenState.Fresh with
    {
        Serving = Package.Proof.Digest,
        Held = [Package.Proof.Digest],
        SettledAt = Settled,
    };

    private readonly AgentParts _parts = new(Serving, Package);

    [Theory]
    [InlineData(-1, false, CacheLevel.Cached)]
    [InlineData(-1, true, CacheLevel.Bypassed)]
    [InlineData(0, false, CacheLevel.Bypassed)]
    [InlineData(1, false, CacheLevel.Bypassed)]
    [InlineData(1, true, CacheLevel.Bypassed)]
    public async Task Only_a_late_account_of_a_leak_that_was_dealt_with_does_not_bypass(
        int afterSettled, bool isNew, CacheLevel level)
    {
        await TripAsync(afterSettled, isNew);

        Assert.Equal(level, _parts.Switch.Record.Level);
        Assert.Equal(level == CacheLevel.Bypassed ? Bypass : "boot", _parts.Active);
    }

    [Fact]
    public async Task A_leak_that_is_only_to_be_observed_bypasses_nothing()
    {
        _parts.Guards.Put(Vcl.Guard(LeakResponse.Observe));

        await TripAsync();

        Assert.Equal(CacheLevel.Cached, _parts.Switch.Record.Level);
    }

    [Fact]
    public async Task A_second_leak_of_a_pod_that_is_bypassed_for_the_first_changes_nothing()
    {
        await TripAsync();
        await TripAsync();

        _parts.Varnish.Verify(v => v.UseAsync(Bypass, Any), Times.Once);
        _parts.Varnish.Verify(v => v.BanAsync(Bans.All, Any), Times.Once);
    }

    [Fact]
    public async Task A_leak_of_a_pod_that_was_ordered_to_bypass_makes_the_bypass_its_own()
    {
        await _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Bypassed, "test", 0), Any);

        await TripAsync();

        Assert.True(_parts.Switch.Record is { ByItself: true, LeakPending: true });
        _parts.Varnish.Verify(v => v.UseAsync(Bypass, Any), Times.Once);
        await RefusedAsync(_parts.Events.Last);
    }

    [Fact]
    public async Task A_leak_of_a_pod_that_was_ordered_to_bypass_and_that_a_hand_made_cache_bypasses_again()
    {
        await _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Bypassed, "test", 0), Any);
        _parts.Active = "boot";
        await _parts.Observer.ObserveAsync(Any);

        await TripAsync();

        Assert.Equal(Bypass, _parts.Active);
    }

    [Fact]
    public async Task A_leak_of_a_pod_that_a_hand_bypassed_is_told_as_a_bypass_by_itself()
    {
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        _parts.Active = Bypass;
        await _parts.Observer.ObserveAsync(Any);

        await TripAsync();
        await _parts.Reflex.TellLeaksAsync(() => 7, Any);

        Assert.True(
            Assert.Single((await _parts.EventsAsync()).OfType<LevelChanged>()) is
            {
                ByItself: true,
                Level: CacheLevel.Bypassed
            });
    }

    [Fact]
    public async Task An_order_ends_the_bypass_once_it_knows_the_last_event_of_the_leak_and_not_before()
    {
        await TripAsync();
        await RefusedAsync(long.MaxValue);
        await _parts.Reflex.TellLeaksAsync(() => 7, Any);
        await RefusedAsync(6);

        await _parts.Restorer.LookAsync(isChanged: true, Any);
        _parts.Time.Advance(TimeSpan.FromMinutes(1));
        await _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Cached, "test", 7), Any);

        Assert.Equal(Revision, _parts.Active);
        _parts.Varnish.Verify(v => v.BanAsync(Bans.All, Any), Times.Exactly(2));
        Assert.Equal(
            (CacheLevel.Cached, false, _parts.Time.GetUtcNow()),
            (_parts.Switch.Record.Level, _parts.Switch.Record.ByItself, _parts.Switch.Record.SettledAt));
    }

    [Fact]
    public async Task A_bypass_that_varnishd_did_not_take_up_is_kept_tried_again_and_told_when_it_serves()
    {
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        var tries = _parts.Varnish.SetupSequence(v => v.UseAsync(Bypass, Any));
        tries.ThrowsAsync(new VarnishUnavailableException("gone"));
        await TripAsync();
        Assert.True(_parts.Switch.Record is { Level: CacheLevel.Bypassed, ByItself: true, LeakPending: true });
        tries.Returns(() =>
        {
            _parts.Active = Bypass;
            return Task.CompletedTask;
        });
        await _parts.Reflex.TellLeaksAsync(() => 7, Any);
        Assert.DoesNotContain(await _parts.EventsAsync(), e => e is LevelChanged);

        await _parts.Restorer.LookAsync(isChanged: true, Any);

        Assert.Equal(Bypass, _parts.Active);
        Assert.True(Assert.Single((await _parts.EventsAsync()).OfType<LevelChanged>()) is { ByItself: true });
    }

    [Fact]
    public async Task What_was_restored_and_is_no_bypass_is_not_told_as_the_one_that_waits()
    {
        _parts.Varnish.Setup(v => v.UseAsync(Bypass, Any)).ThrowsAsync(new VarnishUnavailableException("gone"));
        await TripAsync();

        _parts.Reflex.Restored(new VclToUse(Package.Proof.Digest, IsBypass: false));
        await _parts.Reflex.TellLeaksAsync(() => 7, Any);

        Assert.DoesNotContain(await _parts.EventsAsync(), e => e is LevelChanged);
    }

    [Fact]
    public async Task A_bypass_is_not_told_before_its_leak()
    {
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        await TripAsync();
        await _parts.Restorer.LookAsync(isChanged: true, Any);
        Assert.DoesNotContain(await _parts.EventsAsync(), e => e is LevelChanged);

        await _parts.Reflex.TellLeaksAsync(() => 7, Any);

        Assert.Contains(
            await _parts.EventsAsync(), e => e is LevelChanged { ByItself: true, Level: CacheLevel.Bypassed });
    }

    public void Dispose() => _parts.Dispose();

    private Task TripAsync(int afterSettled = 1, bool isNew = true) =>
        _parts.Reflex.OnTripAsync(
            new Trip(LeakTrigger.Served, isNew, Settled.AddSeconds(afterSettled), _parts.Time.GetUtcNow()), Any);

    private async Task RefusedAsync(long acknowledges)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Cached, "test", acknowledges), Any));
        Assert.Equal("level/leak-unacknowledged", refused.Error.Code);
    }
}
