using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Leaks;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Supervision;

/// <summary>Looks whether varnishd is as it was left, restores what a restart lost, and tells what is odd.</summary>
internal sealed class VarnishRestorer(
    IVarnish varnish,
    VclSwitch vclSwitch,
    RevisionLoader loader,
    VarnishObserver observer,
    RequiredParameters parameters,
    ProofParameters proven,
    LeakReflex reflex,
    LogWatch watch,
    EventLog events,
    TimeProvider time,
    ILogger<VarnishRestorer> logger)
{
    private const int LooksPerText = 10;

    /// <summary>
    /// How long the operator has to put right what somebody else loaded, before the agent does it by itself. The pod
    /// gets no traffic meanwhile, and is watched.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private bool _started;
    private int _looks;
    private DateTimeOffset? _varnishStart;
    private string? _announcedUnproven;
    private DateTimeOffset? _unprovenSince;
    private bool _wasUnfit;

    /// <summary>One look. What cannot be done now is done at the next.</summary>
    /// <param name="isChanged">Something was done to the VCLs since the last look, maybe by others.</param>
    public async Task LookAsync(bool isChanged, CancellationToken cancellationToken)
    {
        using var loading = await loader.TakeAsync(cancellationToken);
        if (isChanged || ++_looks % LooksPerText == 0)
        {
            observer.ForgetText();
        }

        try
        {
            await parameters.EnsureAsync(cancellationToken);
            await proven.EnsureAsync(cancellationToken);
            await observer.ObserveAsync(cancellationToken);
            await RestoreAsync(loading, cancellationToken);
            await loading.DiscardUnheldAsync(cancellationToken);
            TellRestart();
            TellUnproven();
            await reflex.TellLateBypassAsync(cancellationToken);
            _wasUnfit = vclSwitch.Seen.Unfit is not null;
        }
        catch (Exception e) when (e is VarnishUnavailableException or CliRefusedException)
        {
            vclSwitch.LoseSight();
            observer.ForgetText();
            parameters.Forget();
            logger.VarnishUnavailable(e.Message);
        }
        catch (RefusedException e)
        {
            logger.RestoreFailed(e.Message);
        }
    }

    private static bool IsComplete(ShelvedRevision revision, IReadOnlyList<VclEntry> list, string version) =>
        IsWarm(revision.Bypass, list) && (!revision.Fits(version) || IsWarm(revision.Revision, list));

    private static bool IsWarm(VclToUse vcl, IReadOnlyList<VclEntry> list) =>
        list.Any(v => v.Name == vcl.Name && v is { IsDiscarded: false, IsWarm: true });

    private async Task RestoreAsync(RevisionLoader.Turn loading, CancellationToken cancellationToken)
    {
        var version = vclSwitch.Seen.EngineVersion!;
        var list = await varnish.ListAsync(cancellationToken);
        var isLost = vclSwitch.Desired(version) is { } wanted
            && !list.Any(v => v.Name == wanted.Name && !v.IsDiscarded);

        // The one that serves first: the others can wait.
        var serving = vclSwitch.BypassSource();
        foreach (var revision in vclSwitch.Held().OrderBy(r => r.Digest == serving?.Digest ? 0 : 1))
        {
            if (!IsComplete(revision, list, version))
            {
                await LoadAsync(loading, revision, version, cancellationToken);
            }

            if (revision.Digest == serving?.Digest)
            {
                await SwitchBackAsync(isLost, cancellationToken);
            }
        }

        _started = true;
    }

    private async Task LoadAsync(
        RevisionLoader.Turn loading, ShelvedRevision revision, string version, CancellationToken cancellationToken)
    {
        if (revision.Fits(version))
        {
            await loading.LoadAsync(revision, cancellationToken);
        }
        else
        {
            logger.ProvenForOther(revision.Digest, revision.Package.Proof.EngineVersion, version);
            await loading.LoadBypassAsync(revision, cancellationToken);
        }
    }

    private async Task SwitchBackAsync(bool isLost, CancellationToken cancellationToken)
    {
        using var switching = await vclSwitch.TakeAsync(cancellationToken);
        if (!_started)
        {
            KeepFoundBypass(switching);
        }

        if (ToRestore(switching, isLost) is { } wanted)
        {
            await ForgetStoredAsync(switching, wanted, cancellationToken);
            await switching.UseAsync(wanted, cancellationToken);
            reflex.Restored(wanted);
            TellUnfit(wanted);
            logger.Restored(wanted.Digest, switching.Record.Level);
        }

        if (!_started)
        {
            reflex.TellUntoldBypass(switching);
        }
    }

    // A start that finds the bypass serving where the record says otherwise: the agent was killed between the two, or
    // the order to bypass was. Either way the bypass stays.
    private void KeepFoundBypass(VclSwitch.Turn switching)
    {
        if (switching.Seen.ActiveIsBypass && switching.Record.Level == CacheLevel.Cached
            && vclSwitch.Serving() is { } serving && serving.Fits(switching.Seen.EngineVersion!))
        {
            switching.Save(switching.Record with
            {
                Level = CacheLevel.Bypassed,
                Reason = "found bypassed",
                ByItself = true,
                LeakPending = true,
            });
            logger.FoundBypassed();
        }
    }

    // A foreign VCL is told, watched, and left to the operator for a moment, except where the pod is bypassed: nothing
    // may cache then.
    private VclToUse? ToRestore(VclSwitch.Turn switching, bool isLost) =>
        vclSwitch.Desired(switching.Seen.EngineVersion) is { } wanted
        && wanted.Digest != switching.Seen.ActiveDigest
        && (isLost || !_started || wanted.IsBypass || _wasUnfit || time.GetUtcNow() - _unprovenSince >= Patience)
            ? wanted
            : null;

    // What was stored by a text that nobody proved, or with parameters that no proof holds for, is for nobody.
    private async Task ForgetStoredAsync(
        VclSwitch.Turn switching, VclToUse wanted, CancellationToken cancellationToken)
    {
        if ((_unprovenSince is null && !_wasUnfit) || wanted.IsBypass || vclSwitch.BypassSource() is not { } source)
        {
            return;
        }

        await switching.UseAsync(source.Bypass, cancellationToken);
        await varnish.BanAsync(Bans.All, cancellationToken);
    }

    // So that the operator does not find out at its next look.
    private void TellUnfit(VclToUse used)
    {
        if (vclSwitch.Record.Level == CacheLevel.Cached && (_wasUnfit || vclSwitch.Seen.Unfit is not null))
        {
            var level = used.IsBypass ? CacheLevel.Bypassed : CacheLevel.Cached;
            var reason = vclSwitch.Seen.Unfit ?? "varnishd runs as proofs assume again";
            events.Append((instance, sequence, at) => new LevelChanged(
                instance, sequence, at, level, reason, ByItself: true, ElapsedMilliseconds: null));
        }
    }

    private void TellRestart()
    {
        var start = watch.VarnishStart;
        if (start is not null && _varnishStart is not null && start != _varnishStart)
        {
            events.Append((instance, sequence, at) => new VarnishRestarted(instance, sequence, at));
            logger.VarnishRestarted();
        }

        _varnishStart = start ?? _varnishStart;
    }

    private void TellUnproven()
    {
        var seen = vclSwitch.Seen;
        var isUnproven = seen is { ActiveIsProven: false, ActiveName: not null };
        var unproven = isUnproven && vclSwitch.Record.Serving is not null
            ? $"{seen.ActiveName} {seen.ActiveDigest}"
            : null;
        if (unproven is not null && unproven != _announcedUnproven)
        {
            events.Append((instance, sequence, at) =>
                new UnprovenVcl(instance, sequence, at, seen.ActiveName!, seen.ActiveDigest));
            logger.UnprovenVcl(seen.ActiveName!, seen.ActiveDigest);
        }

        _announcedUnproven = unproven;
        _unprovenSince = unproven is null ? null : _unprovenSince ?? time.GetUtcNow();
    }
}
