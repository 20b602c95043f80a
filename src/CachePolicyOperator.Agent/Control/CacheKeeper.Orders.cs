using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Agent.Control;

/// <summary>What the operator orders.</summary>
internal sealed partial class CacheKeeper
{
    public const int MaxVclBytes = 8 * 1024 * 1024;

    /// <summary>Replaces what is watched. What was served before is not judged by it.</summary>
    public async Task PutGuardAsync(GuardConfiguration configuration, CancellationToken cancellationToken)
    {
        if (tripwire.Guard?.Digest == configuration.ComputeDigest())
        {
            return;
        }

        // Building the automata may take a second: a bypass must not wait for it.
        var guard = Make(new GuardRecord(configuration, time.GetUtcNow()));
        using var turn = await TakeAsync(_switching, cancellationToken);
        state.Write(guard.Record);
        tripwire.Guard = guard;
    }

    /// <summary>Compiles a revision and its bypass and keeps both warm.</summary>
    public async Task PutRevisionAsync(string digest, RevisionPackage package, CancellationToken cancellationToken)
    {
        if (RevisionDigest.Of(package.Vcl) is var actual && (actual != digest || package.Proof.Digest != digest))
        {
            throw new RefusedException(422, "revision/digest-mismatch",
                $"the text has the digest `{actual}`, the proof is for `{package.Proof.Digest}`, the address says `{digest}`");
        }

        if (Math.Max(System.Text.Encoding.UTF8.GetByteCount(package.Vcl), System.Text.Encoding.UTF8.GetByteCount(package.BypassVcl)) > MaxVclBytes)
        {
            throw new RefusedException(413, "request/too-large", "a VCL is larger than 8 MB");
        }

        using var turn = await TakeAsync(_loading, cancellationToken);
        var revision = new ShelvedRevision(package);
        var version = await varnish.EngineVersionAsync(cancellationToken);
        RequireFit(revision, version);

        await EnsureParametersAsync(cancellationToken);
        await LoadAsync(revision, cancellationToken);
        _shelf.Put(package);
        using (await TakeAsync(_switching, cancellationToken))
        {
            Save(_state.Holding(digest));
        }

        await ObserveAsync(cancellationToken);
        logger.RevisionLoaded(digest);
    }

    /// <summary>Makes a held revision the one that serves; at level <c>Bypassed</c> the one that will.</summary>
    public async Task ActivateAsync(string digest, CancellationToken cancellationToken)
    {
        using var turn = await TakeAsync(_loading, cancellationToken);
        var revision = _state.Held.Items.Contains(digest) ? _shelf.Find(digest) : null;
        if (revision is null)
        {
            throw new RefusedException(409, "revision/not-loaded", $"the revision `{digest}` is not held; put it first");
        }

        // varnishd may have lost it since.
        await LoadAsync(revision, cancellationToken);
        var version = await varnish.EngineVersionAsync(cancellationToken);
        RequireFit(revision, version);

        bool began;
        using (await TakeAsync(_switching, cancellationToken))
        {
            var bypassed = _state.Level == CacheLevel.Bypassed;
            began = !bypassed && (_state.Serving != digest || _observed.ActiveDigest != digest);
            await UseAsync(
                bypassed ? (revision.BypassName, revision.BypassDigest, true) : (revision.Name, revision.Digest, false),
                cancellationToken);
            Save(_state.Activating(digest));
        }

        if (began)
        {
            events.Append((instance, sequence, at) => new RevisionActivated(instance, sequence, at, digest));
            logger.RevisionActivated(digest);
        }

        await DiscardUnheldAsync(cancellationToken);
        await ObserveAsync(cancellationToken);
    }

    /// <summary>Sets how much is cached, as documented on <see cref="LevelOrder"/>.</summary>
    public async Task OrderLevelAsync(LevelOrder order, CancellationToken cancellationToken)
    {
        if (order.Level is not (CacheLevel.Cached or CacheLevel.Bypassed))
        {
            throw new RefusedException(422, "level/unsupported", $"a pod cannot be set to `{order.Level}`; order `Cached` or `Bypassed`");
        }

        using var turn = await TakeAsync(_switching, cancellationToken);
        if (order.Level == CacheLevel.Bypassed)
        {
            await BypassByOrderAsync(order, cancellationToken);
        }
        else
        {
            await ReturnByOrderAsync(order, cancellationToken);
        }
    }

    /// <summary>Everything stored is invalid when this returns.</summary>
    public async Task PurgeAsync(CancellationToken cancellationToken)
    {
        await varnish.PurgeAsync(cancellationToken);
        logger.Purged();
    }

    private GuardInForce Make(GuardRecord record)
    {
        try
        {
            return makeGuard(record);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new RefusedException(422, "guard/invalid", e.Message);
        }
    }

    private static void RequireFit(ShelvedRevision revision, string version)
    {
        if (!revision.Fits(version))
        {
            throw new RefusedException(409, "engine/version",
                $"the proof holds for Varnish {revision.Package.Proof.EngineVersion}, and varnishd is {version}");
        }
    }

    private async Task BypassByOrderAsync(LevelOrder order, CancellationToken cancellationToken)
    {
        var before = _state.Level;
        if (BypassSource() is { } source)
        {
            // Down: the act first, so that a crash in between leaves the bypass, which the next start then keeps.
            await UseAsync((source.BypassName, source.BypassDigest, true), cancellationToken);
        }

        Save(_state with { Level = CacheLevel.Bypassed, Reason = order.Reason });
        Announce(before, order.Reason);
    }

    private async Task ReturnByOrderAsync(LevelOrder order, CancellationToken cancellationToken)
    {
        if (_state.ByItself && (_state.LeakPending || order.AcknowledgesEvent < _state.LastLeak))
        {
            throw new RefusedException(409, "level/leak-unacknowledged",
                $"the pod bypassed by itself on the leak of event {_state.LastLeak}, and the order knows events up to {order.AcknowledgesEvent} only");
        }

        if (_state.Level == CacheLevel.Cached)
        {
            return;
        }

        // Nothing that was stored before may answer now, and what was in flight then has ended its lookup.
        await varnish.PurgeAsync(cancellationToken);
        var settled = time.GetUtcNow();
        var next = _state with
        {
            Level = CacheLevel.Cached,
            Reason = order.Reason,
            ByItself = false,
            SettledAt = settled,
        };

        // Up: a crash between the act and its record falls back to the bypass, and the order is given again.
        if (_shelf.Find(_state.Serving) is { } serving)
        {
            RequireFit(serving, _observed.EngineVersion ?? throw new VarnishUnavailableException("varnishd does not answer"));
            await UseAsync((serving.Name, serving.Digest, false), cancellationToken);
        }

        Save(next);
        Announce(CacheLevel.Bypassed, order.Reason);
    }

    private void Announce(CacheLevel before, string reason)
    {
        if (before != _state.Level)
        {
            events.Append((instance, sequence, at) =>
                new LevelChanged(instance, sequence, at, _state.Level, reason, ByItself: false, ElapsedMilliseconds: null));
            logger.LevelOrdered(_state.Level, reason);
        }
    }

    // The bypass first: whoever has the revision has the way out of it.
    private async Task LoadAsync(ShelvedRevision revision, CancellationToken cancellationToken)
    {
        try
        {
            await varnish.LoadAsync(revision.BypassName, revision.Package.BypassVcl, cancellationToken);
            await varnish.LoadAsync(revision.Name, revision.Package.Vcl, cancellationToken);
        }
        catch (CliRefusedException e)
        {
            throw new RefusedException(422, "revision/compile-failed", e.Answer);
        }
    }
}
