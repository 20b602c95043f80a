using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;
using Moq;

namespace CachePolicyOperator.Agent.Tests.Supervision;

/// <summary>
/// What one look restores, leaves alone and tells, whatever it finds; real restarts are in
/// <see cref="RestartTests"/>.
/// </summary>
public sealed class VarnishRestorerTests : IDisposable
{
    private static readonly CancellationToken Any = CancellationToken.None;
    private static readonly RevisionPackage Package = Vcl.Package(1);
    private static readonly string Revision = VclToUse.NameOf(Package.Proof.Digest);
    private static readonly string Bypass = VclToUse.NameOf(Digest.Of(Package.BypassVcl));

    private static readonly ProvenState Serving =
        ProvenState.Fresh with { Serving = Package.Proof.Digest, Held = [Package.Proof.Digest] };

    private readonly AgentParts _parts = new(Serving, Package);

    [Fact]
    public async Task A_start_has_what_shall_serve_serve_whatever_was_found()
    {
        Hold();

        await LookAsync();

        Assert.Equal(Revision, _parts.Active);
    }

    [Fact]
    public async Task A_foreign_vcl_is_told_once_and_put_back_with_nothing_of_what_it_stored_where_the_operator_does_not()
    {
        await LookAsync();
        _parts.Active = "boot";

        await LookAsync();
        await LookAsync();

        Assert.Equal("boot", _parts.Active);
        Assert.Equal("boot", Assert.Single((await _parts.EventsAsync()).OfType<UnprovenVcl>()).VclName);
        Assert.False(_parts.Status.Read().ActiveProven);
        _parts.Time.Advance(TimeSpan.FromSeconds(0.9));
        await LookAsync();
        Assert.Equal("boot", _parts.Active);
        _parts.Varnish.Verify(v => v.BanAsync(It.IsAny<IReadOnlyList<string>>(), Any), Times.Never);

        _parts.Time.Advance(TimeSpan.FromSeconds(0.1));
        await LookAsync();

        Assert.Equal(Revision, _parts.Active);
        Assert.True(_parts.Status.Read().ActiveProven);
        _parts.Varnish.Verify(v => v.BanAsync(Bans.All, Any), Times.Once);
    }

    [Fact]
    public async Task A_foreign_vcl_is_fought_while_the_pod_is_bypassed()
    {
        await LookAsync();
        await _parts.Orders.OrderLevelAsync(new LevelOrder(CacheLevel.Bypassed, "test", 0), Any);
        _parts.Active = "boot";

        await LookAsync();

        Assert.Equal(Bypass, _parts.Active);
        Assert.Equal(CacheLevel.Bypassed, _parts.Status.Read().Level);
    }

    [Fact]
    public async Task What_varnishd_lost_is_loaded_and_serves_again()
    {
        await LookAsync();
        _parts.Active = "boot";
        _parts.Texts.Remove(Revision);
        _parts.Texts.Remove(Bypass);

        await LookAsync();

        Assert.Equal(Revision, _parts.Active);
        Assert.Equal(Package.BypassVcl, _parts.Texts[Bypass]);
    }

    [Fact]
    public async Task A_bypass_that_was_lost_alone_is_loaded_again()
    {
        await LookAsync();
        _parts.Texts.Remove(Bypass);

        await LookAsync();

        Assert.Contains(Bypass, _parts.Texts.Keys);
    }

    [Fact]
    public async Task A_start_that_finds_the_bypass_keeps_it_and_tells_it()
    {
        Hold();
        _parts.Active = Bypass;

        await LookAsync();

        Assert.Equal(Bypass, _parts.Active);
        Assert.True(_parts.Switch.Record is { Level: CacheLevel.Bypassed, ByItself: true, LastLeak: > 0 });
        Assert.True(Assert.Single(await _parts.EventsAsync()) is LevelChanged { ByItself: true });
    }

    [Fact]
    public async Task A_later_look_that_finds_the_bypass_takes_it_for_no_leak()
    {
        await LookAsync();
        _parts.Active = Bypass;

        await LookAsync();

        Assert.False(_parts.Switch.Record.ByItself);
    }

    [Fact]
    public async Task A_pod_whose_proof_is_for_another_version_is_bypassed_and_that_is_no_leak()
    {
        Hold();
        _parts.Varnish.Setup(v => v.EngineVersionAsync(Any)).ReturnsAsync("7.2.0");
        _parts.Active = Revision;
        await _parts.Observer.ObserveAsync(Any);
        Assert.False(_parts.Status.Read().ActiveProven);

        await LookAsync();
        Assert.Equal(Bypass, _parts.Active);
        await LookAsync();

        Assert.Equal((CacheLevel.Cached, false), (_parts.Switch.Record.Level, _parts.Switch.Record.ByItself));
        _parts.Active = "boot";
        await LookAsync();
        Assert.Equal(Bypass, _parts.Active);
    }

    [Fact]
    public async Task A_start_that_finds_the_bypass_of_a_proof_for_another_version_takes_it_for_no_leak()
    {
        Hold();
        _parts.Varnish.Setup(v => v.EngineVersionAsync(Any)).ReturnsAsync("7.2.0");
        _parts.Active = Bypass;

        await LookAsync();

        Assert.False(_parts.Switch.Record.ByItself);
    }

    [Fact]
    public async Task A_varnishd_that_does_not_answer_is_not_taken_for_what_it_was()
    {
        await LookAsync();
        await LookAsync();
        Assert.True(_parts.Status.Read() is { VarnishRunning: true, ActiveProven: true });

        _parts.Varnish.Setup(v => v.EngineVersionAsync(Any)).ThrowsAsync(new VarnishUnavailableException("gone"));
        await LookAsync();

        Assert.True(_parts.Status.Read() is { VarnishRunning: false, ActiveProven: false });
    }

    [Fact]
    public async Task A_text_that_was_put_under_the_name_of_the_proven_one_is_found_after_some_looks_though_nobody_saw_it_put()
    {
        await LookAsync();
        await LookAsync();
        Assert.True(_parts.Status.Read().ActiveProven);

        _parts.Texts[Revision] = "another";
        for (var look = 0; look < 10; look++)
        {
            await _parts.Restorer.LookAsync(isChanged: false, Any);
        }

        Assert.False(_parts.Status.Read().ActiveProven);
    }

    [Fact]
    public async Task A_varnishd_that_was_never_given_anything_proven_is_not_told_of()
    {
        using var parts = new AgentParts();

        await parts.Restorer.LookAsync(isChanged: true, Any);
        await parts.Restorer.LookAsync(isChanged: true, Any);

        Assert.Empty(await parts.EventsAsync());
    }

    [Fact]
    public async Task What_has_become_cold_is_loaded_again()
    {
        await LookAsync();
        _parts.Varnish.Setup(v => v.ListAsync(Any)).ReturnsAsync(
            () => [.. _parts.List().Select(v => v.Name == Bypass ? v with { Temperature = "cold" } : v)]);
        _parts.Varnish.Invocations.Clear();

        await LookAsync();

        _parts.Varnish.Verify(v => v.LoadAsync(Bypass, Package.BypassVcl, Any), Times.Once);
    }

    [Fact]
    public async Task Only_what_is_ours_and_not_held_is_discarded_and_never_what_serves()
    {
        await LookAsync();
        _parts.Texts["cp_old"] = _parts.Texts["cp_serving"] = _parts.Texts["theirs"] = "";
        _parts.Active = "cp_serving";

        await LookAsync();

        Assert.Equal(
            new[] { "boot", "theirs", "cp_serving", Revision, Bypass }.Order(), _parts.Texts.Keys.Order());
    }

    public void Dispose() => _parts.Dispose();

    private void Hold()
    {
        _parts.Texts[Revision] = Package.Vcl;
        _parts.Texts[Bypass] = Package.BypassVcl;
    }

    private Task LookAsync() => _parts.Restorer.LookAsync(isChanged: true, Any);
}
