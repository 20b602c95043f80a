using System.Security.Cryptography;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Control;

/// <summary>Looks whether varnishd is as it was left, and restores what a restart lost.</summary>
internal sealed partial class CacheKeeper
{
    private const string OurPrefix = "cp_";

    // Records that the guard reads, unmasked; whole header lines and VCLs instead of their beginnings.
    private const string NeededRecords =
        "+Begin,+End,+ReqMethod,+ReqURL,+ReqHeader,+BereqURL,+Hit,+VCL_call,+VCL_return,+VCL_use,+Link,+Timestamp,+TTL,+Storage,+CLI";

    private const int LooksPerText = 10;

    private sealed record ActiveText(string Name, string Digest);

    private readonly Dictionary<string, string> _parametersAsSet = [];
    private bool _started;
    private ActiveText? _activeText;
    private int _looks;
    private DateTimeOffset? _varnishStart;
    private string? _announcedUnproven;

    /// <summary>Takes up what was watched before a restart.</summary>
    public void RestoreGuard()
    {
        try
        {
            if (state.ReadGuard() is { } record)
            {
                tripwire.Guard = makeGuard(record);
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            logger.GuardUnusable(e.Message);
        }
    }

    /// <summary>One look. What cannot be done now is done at the next.</summary>
    /// <param name="isChanged">Something was done to the VCLs since the last look, maybe by others.</param>
    public async Task SuperviseAsync(bool isChanged, CancellationToken cancellationToken)
    {
        if (isChanged || ++_looks % LooksPerText == 0)
        {
            _activeText = null;
        }

        using var turn = await TakeAsync(_loading, cancellationToken);
        try
        {
            await EnsureParametersAsync(cancellationToken);
            await ObserveAsync(cancellationToken);
            await RestoreAsync(cancellationToken);
            await DiscardUnheldAsync(cancellationToken);
            TellRestart();
            TellUnproven();
            await TellLateBypassAsync(cancellationToken);
        }
        catch (Exception e) when (e is VarnishUnavailableException or CliRefusedException)
        {
            _observed = Observed.Nothing;
            _activeText = null;
            _parametersAsSet.Clear();
            logger.VarnishUnavailable(e.Message);
        }
        catch (RefusedException e)
        {
            logger.RestoreFailed(e.Message);
        }
    }

    private static string DigestOf(byte[] text) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(text))}";

    private async Task ObserveAsync(CancellationToken cancellationToken)
    {
        var version = await varnish.EngineVersionAsync(cancellationToken);
        var serves = await varnish.ServesAsync(cancellationToken);
        var held = HeldRevisions();

        // Under the lock, so that what was seen is not older than a switch that happened meanwhile.
        using var turn = await TakeAsync(_switching, cancellationToken);
        var list = await varnish.ListAsync(cancellationToken);
        var active = list.FirstOrDefault(v => v.IsActive);
        var digest = active is null ? null : await ActiveDigestAsync(active.Name, cancellationToken);
        var isBypass = held.Any(r => r.BypassDigest == digest);
        var isProven = isBypass || held.Any(r => r.Digest == digest && r.Fits(version));
        _observed = new Observed(
            version, serves, active?.Name, digest, isProven, isBypass,
            held.Where(r => list.Any(v => v.Name == r.Name && !v.IsDiscarded)).Select(r => r.Digest).ToEquatableList());
    }

    // Asking for the text every time would be dear where it is long.
    private async Task<string?> ActiveDigestAsync(string name, CancellationToken cancellationToken)
    {
        if (_activeText?.Name != name)
        {
            var text = await varnish.ShowAsync(name, cancellationToken);
            _activeText = text is null ? null : new ActiveText(name, DigestOf(text));
        }

        return _activeText?.Digest;
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var version = _observed.EngineVersion!;
        var list = await varnish.ListAsync(cancellationToken);
        var isLost = Desired(version) is { } wanted && !list.Any(v => v.Name == wanted.Name && !v.IsDiscarded);

        // The one that serves first: the others can wait.
        var serving = _shelf.Find(_state.Serving) ?? BypassSource();
        foreach (var revision in HeldRevisions().OrderBy(r => r.Digest == serving?.Digest ? 0 : 1))
        {
            if (!IsComplete(revision, list, version))
            {
                await LoadHeldAsync(revision, version, cancellationToken);
            }

            if (revision.Digest == serving?.Digest)
            {
                await SwitchBackAsync(isLost, cancellationToken);
            }
        }

        _started = true;
    }

    private async Task SwitchBackAsync(bool isLost, CancellationToken cancellationToken)
    {
        var isRestored = false;
        using (await TakeAsync(_switching, cancellationToken))
        {
            if (!_started)
            {
                KeepFoundBypass();
            }

            // A foreign VCL is told and watched, not fought, except where the pod is bypassed: nothing may cache then.
            if (Desired(_observed.EngineVersion) is { } wanted
                && _observed.ActiveDigest != wanted.Digest
                && (isLost || !_started || _state.Level == CacheLevel.Bypassed || wanted.IsBypass))
            {
                await UseAsync(wanted, cancellationToken);
                isRestored = true;
                if (_pending is { } trip)
                {
                    BypassTakenUp(trip);
                }
            }

            TellUntoldBypass();
        }

        if (isRestored)
        {
            logger.Restored(_observed.ActiveDigest!, _state.Level);
        }
    }

    // A start that finds the bypass serving where the record says otherwise: the agent was killed between the two, or the
    // order to bypass was. Either way the bypass stays.
    private void KeepFoundBypass()
    {
        if (_observed.ActiveIsBypass && _state is { Level: CacheLevel.Cached, Serving: not null }
            && _shelf.Find(_state.Serving) is { } serving && serving.Fits(_observed.EngineVersion!))
        {
            Save(_state with { Level = CacheLevel.Bypassed, Reason = "found bypassed", ByItself = true, LeakPending = true });
            logger.FoundBypassed();
        }
    }

    // A bypass by itself that was never told, because the agent was killed: its level event is what an order acknowledges.
    private void TellUntoldBypass()
    {
        if (!_started && _state is { ByItself: true, LeakPending: true })
        {
            var told = events.Append((instance, sequence, at) =>
                new LevelChanged(instance, sequence, at, CacheLevel.Bypassed, _state.Reason, ByItself: true, ElapsedMilliseconds: null));
            Save(_state with { LeakPending = false, LastLeak = Math.Max(_state.LastLeak, told.Sequence) });
        }
    }

    private static bool IsComplete(ShelvedRevision revision, IReadOnlyList<VclEntry> list, string version) =>
        list.Any(v => v.Name == revision.BypassName && v is { IsDiscarded: false, IsWarm: true })
        && (!revision.Fits(version) || list.Any(v => v.Name == revision.Name && v is { IsDiscarded: false, IsWarm: true }));

    private async Task LoadHeldAsync(ShelvedRevision revision, string version, CancellationToken cancellationToken)
    {
        if (revision.Fits(version))
        {
            await LoadAsync(revision, cancellationToken);
        }
        else
        {
            logger.ProvenForOther(revision.Digest, revision.Package.Proof.EngineVersion, version);
            await varnish.LoadAsync(revision.BypassName, revision.Package.BypassVcl, cancellationToken);
        }
    }

    private async Task DiscardUnheldAsync(CancellationToken cancellationToken)
    {
        var held = HeldRevisions();
        var names = held.SelectMany(r => new[] { r.Name, r.BypassName }).ToHashSet();
        foreach (var vcl in await varnish.ListAsync(cancellationToken))
        {
            if (vcl.Status == "available" && vcl.Name.StartsWith(OurPrefix, StringComparison.Ordinal) && !names.Contains(vcl.Name))
            {
                await varnish.DiscardAsync(vcl.Name, cancellationToken);
            }
        }

        _shelf.Keep(_state.Held.Items);
    }

    private async Task EnsureParametersAsync(CancellationToken cancellationToken)
    {
        // Answers as long as the longest VCL, log records as long as they can be.
        await EnsureAsync("cli_limit", _ => "64M", cancellationToken);
        await EnsureAsync("vsl_reclen", p => p.Maximum ?? p.Value, cancellationToken);
        await EnsureAsync("vsl_mask", _ => NeededRecords, cancellationToken);
    }

    private async Task EnsureAsync(string name, Func<VarnishParameter, string> wanted, CancellationToken cancellationToken)
    {
        var parameter = await varnish.ParameterAsync(name, cancellationToken);
        if (_parametersAsSet.GetValueOrDefault(name) == parameter.Value)
        {
            return;
        }

        try
        {
            await varnish.SetParameterAsync(name, wanted(parameter), cancellationToken);
        }
        catch (CliRefusedException e)
        {
            // varnishd may be started with parameters that cannot be set (-r): the rest still works.
            logger.ParameterRefused(name, parameter.Value, e.Answer);
        }

        _parametersAsSet[name] = (await varnish.ParameterAsync(name, cancellationToken)).Value;
    }

    // A bypass that varnishd took up only after its leak was told.
    private async Task TellLateBypassAsync(CancellationToken cancellationToken)
    {
        using var turn = await TakeAsync(_switching, cancellationToken);
        if (!_state.LeakPending)
        {
            TellLevel();
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
        var seen = _observed;
        var unproven = seen is { ActiveIsProven: false, ActiveName: not null } && _state.Serving is not null
            ? $"{seen.ActiveName} {seen.ActiveDigest}"
            : null;
        if (unproven is not null && unproven != _announcedUnproven)
        {
            events.Append((instance, sequence, at) =>
                new UnprovenVcl(instance, sequence, at, seen.ActiveName!, seen.ActiveDigest ?? ""));
            logger.UnprovenVcl(seen.ActiveName!, seen.ActiveDigest);
        }

        _announcedUnproven = unproven;
    }
}
