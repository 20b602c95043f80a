using System.Text;
using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Orders;

/// <summary>
/// Carries out what the operator orders, or refuses it with the reason. Every order can be given twice.
/// </summary>
internal sealed class OperatorOrders(
    IVarnish varnish,
    VclSwitch vclSwitch,
    RevisionLoader loader,
    RevisionShelf shelf,
    IOperatorCheck check,
    VarnishObserver observer,
    RequiredParameters parameters,
    ProofParameters proven,
    EventLog events,
    TimeProvider time,
    ILogger<OperatorOrders> logger)
{
    public const int MaxVclBytes = 8 * 1024 * 1024;

    /// <summary>So many bans may wait for the ban lurker.</summary>
    public const int MostBans = 2_000;

    /// <summary>Compiles a revision and its bypass and keeps both warm.</summary>
    public async Task PutRevisionAsync(Digest digest, RevisionPackage package, CancellationToken cancellationToken)
    {
        RequireWhatItSays(digest, package);
        if (!check.Holds(package))
        {
            throw new RefusedException(422, "revision/unsigned",
                "the record of the proof is not signed for this agent by an operator that it trusts");
        }

        using var loading = await loader.TakeAsync(cancellationToken);
        var revision = new ShelvedRevision(package);
        await RequireFitAsync(revision, cancellationToken);

        await parameters.EnsureAsync(cancellationToken);
        await loading.LoadAsync(revision, cancellationToken);
        shelf.Put(package);
        using (var switching = await vclSwitch.TakeAsync(cancellationToken))
        {
            switching.Save(switching.Record.Holding(digest));
        }

        await observer.ObserveAsync(cancellationToken);
        logger.RevisionLoaded(digest);
    }

    /// <summary>Makes a held revision the one that serves; at level <c>Bypassed</c> the one that will.</summary>
    public async Task ActivateAsync(Digest digest, CancellationToken cancellationToken)
    {
        using var loading = await loader.TakeAsync(cancellationToken);
        var revision = vclSwitch.Record.Held.Items.Contains(digest) ? shelf.Find(digest) : null;
        if (revision is null)
        {
            throw new RefusedException(
                409, "revision/not-loaded", $"the revision `{digest}` is not held; put it first");
        }

        // varnishd may have lost it since.
        await loading.LoadAsync(revision, cancellationToken);
        await RequireFitAsync(revision, cancellationToken);
        if (await SwitchToAsync(revision, cancellationToken))
        {
            events.Append((instance, sequence, at) => new RevisionActivated(instance, sequence, at, digest));
            logger.RevisionActivated(digest);
        }

        await loading.DiscardUnheldAsync(cancellationToken);
        await observer.ObserveAsync(cancellationToken);
    }

    /// <summary>Sets how much is cached, as documented on <see cref="LevelOrder"/>.</summary>
    public async Task OrderLevelAsync(LevelOrder order, CancellationToken cancellationToken)
    {
        if (order.Level is not (CacheLevel.Cached or CacheLevel.Bypassed))
        {
            throw new RefusedException(
                422, "level/unsupported", $"a pod cannot be set to `{order.Level}`; order `Cached` or `Bypassed`");
        }

        using var switching = await vclSwitch.TakeAsync(cancellationToken);
        if (order.Level == CacheLevel.Bypassed)
        {
            await BypassAsync(switching, order, cancellationToken);
        }
        else
        {
            await ReturnAsync(switching, order, cancellationToken);
        }
    }

    /// <summary>Everything stored is invalid when this returns.</summary>
    public async Task PurgeAsync(CancellationToken cancellationToken)
    {
        await varnish.BanAsync(Bans.All, cancellationToken);
        logger.Purged();
    }

    /// <summary>
    /// These pages are invalid when this returns. Where varnishd has not worked off what was ordered before, everything
    /// is: every object has to be tried against every ban, and what grows without bound ends in an outage.
    /// </summary>
    public async Task InvalidateAsync(StoredPages pages, CancellationToken cancellationToken)
    {
        var bans = Bans.Of(pages);
        var waiting = await WaitingBansAsync(cancellationToken);
        if (waiting + bans.Count > MostBans)
        {
            logger.TooManyBans(waiting);
            bans = [Bans.All];
        }

        foreach (var ban in bans)
        {
            await varnish.BanAsync(ban, cancellationToken);
        }

        logger.Invalidated(bans.Count);
    }

    // A list that is longer than varnishd may answer is not told.
    private async Task<int> WaitingBansAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await varnish.BansAsync(cancellationToken)).Count;
        }
        catch (CliRefusedException)
        {
            return MostBans;
        }
    }

    private static void RequireWhatItSays(Digest digest, RevisionPackage package)
    {
        var actual = Digest.Of(package.Vcl);
        if (actual != digest || package.Proof.Digest != digest)
        {
            throw new RefusedException(422, "revision/digest-mismatch",
                $"the text has the digest `{actual}`, the proof is for `{package.Proof.Digest}`, "
                + $"the address says `{digest}`");
        }

        if (Encoding.UTF8.GetByteCount(package.Vcl) > MaxVclBytes
            || Encoding.UTF8.GetByteCount(package.BypassVcl) > MaxVclBytes)
        {
            throw new RefusedException(413, "request/too-large", "a VCL is larger than 8 MB");
        }
    }

    private async Task RequireFitAsync(ShelvedRevision revision, CancellationToken cancellationToken)
    {
        await proven.EnsureAsync(cancellationToken);
        RequireFit(revision, await varnish.EngineVersionAsync(cancellationToken));
    }

    private void RequireFit(ShelvedRevision revision, string version)
    {
        if (!revision.Fits(version))
        {
            throw new RefusedException(409, "engine/version",
                $"the proof holds for Varnish {revision.Package.Proof.EngineVersion}, and varnishd is {version}");
        }

        if (proven.Unfit is { } unfit)
        {
            throw new RefusedException(409, "engine/parameters", unfit);
        }
    }

    /// <summary>Whether the revision began to serve with it.</summary>
    private async Task<bool> SwitchToAsync(ShelvedRevision revision, CancellationToken cancellationToken)
    {
        using var switching = await vclSwitch.TakeAsync(cancellationToken);
        var isBypassed = switching.Record.Level == CacheLevel.Bypassed;
        var isServing =
            switching.Record.Serving == revision.Digest && switching.Seen.ActiveDigest == revision.Digest;
        await switching.UseAsync(isBypassed ? revision.Bypass : revision.Revision, cancellationToken);
        switching.Save(switching.Record.Activating(revision.Digest));
        return !isBypassed && !isServing;
    }

    private async Task BypassAsync(VclSwitch.Turn switching, LevelOrder order, CancellationToken cancellationToken)
    {
        var before = switching.Record.Level;
        if (vclSwitch.BypassSource() is { } source)
        {
            // Down: the act first, so that a crash in between leaves the bypass, which the next start then keeps.
            await switching.UseAsync(source.Bypass, cancellationToken);
        }

        switching.Save(switching.Record with { Level = CacheLevel.Bypassed, Reason = order.Reason });
        if (before != CacheLevel.Bypassed)
        {
            Announce(order);
        }
    }

    private async Task ReturnAsync(VclSwitch.Turn switching, LevelOrder order, CancellationToken cancellationToken)
    {
        var record = switching.Record;
        if (record.ByItself && (record.LeakPending || order.AcknowledgesEvent < record.LastLeak))
        {
            throw new RefusedException(409, "level/leak-unacknowledged",
                $"the pod bypassed by itself on the leak of event {record.LastLeak}, "
                + $"and the order knows events up to {order.AcknowledgesEvent} only");
        }

        if (record.Level == CacheLevel.Cached)
        {
            // Why it is not seen to cache although it may.
            if (proven.Unfit is { } unfit)
            {
                throw new RefusedException(409, "engine/parameters", unfit);
            }

            return;
        }

        // Nothing that was stored before may answer now, and what was in flight then has ended its lookup.
        await varnish.BanAsync(Bans.All, cancellationToken);
        var settled = time.GetUtcNow();

        // Up: a crash between the act and its record falls back to the bypass, and the order is given again.
        if (vclSwitch.Serving() is { } serving)
        {
            RequireFit(
                serving,
                switching.Seen.EngineVersion ?? throw new VarnishUnavailableException("varnishd does not answer"));
            await switching.UseAsync(serving.Revision, cancellationToken);
        }

        switching.Save(record with
        {
            Level = CacheLevel.Cached,
            Reason = order.Reason,
            ByItself = false,
            SettledAt = settled,
        });
        Announce(order);
    }

    private void Announce(LevelOrder order)
    {
        events.Append((instance, sequence, at) => new LevelChanged(
            instance, sequence, at, order.Level, order.Reason, ByItself: false, ElapsedMilliseconds: null));
        logger.LevelOrdered(order.Level, order.Reason);
    }
}
