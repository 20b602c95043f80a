using CachePolicyOperator.Agent.Metrics;
using CachePolicyOperator.Agent.Varnish;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>
/// Has varnishd hold the revisions of the record, compiled and warm, and nothing else of ours. All of it happens in the
/// turn of loading; <see cref="VclSwitch"/> says what that is ordered against.
/// </summary>
internal sealed class RevisionLoader(IVarnish varnish, VclSwitch vclSwitch, RevisionShelf shelf, TimeProvider time)
    : IDisposable
{
    private const string OurPrefix = "cp_";

    private readonly SemaphoreSlim _loading = new(1, 1);

    public async Task<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        return new Turn(this);
    }

    public void Dispose() => _loading.Dispose();

    /// <summary>The turn of loading: whoever holds it is the only one who has varnishd compile or discard.</summary>
    internal sealed class Turn(RevisionLoader owner) : IDisposable
    {
        /// <summary>Loads a revision and its bypass; a text that does not compile is refused.</summary>
        public Task LoadAsync(ShelvedRevision revision, CancellationToken cancellationToken) =>
            owner.LoadAsync(revision, cancellationToken);

        public Task LoadBypassAsync(ShelvedRevision revision, CancellationToken cancellationToken) =>
            owner.LoadBypassAsync(revision, cancellationToken);

        /// <summary>Discards what is ours in varnishd and on the shelf and is not in the record any more.</summary>
        public Task DiscardUnheldAsync(CancellationToken cancellationToken) =>
            owner.DiscardUnheldAsync(cancellationToken);

        public void Dispose() => owner._loading.Release();
    }

    // The bypass first: whoever has the revision has the way out of it.
    private async Task LoadAsync(ShelvedRevision revision, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            await LoadBypassAsync(revision, cancellationToken);
            await varnish.LoadAsync(revision.Revision.Name, revision.Package.Vcl, cancellationToken);
            AgentMeter.Loaded(time.GetElapsedTime(began));
        }
        catch (CliRefusedException e)
        {
            throw new RefusedException(422, "revision/compile-failed", e.Answer);
        }
    }

    private Task LoadBypassAsync(ShelvedRevision revision, CancellationToken cancellationToken) =>
        varnish.LoadAsync(revision.Bypass.Name, revision.Package.BypassVcl, cancellationToken);

    private async Task DiscardUnheldAsync(CancellationToken cancellationToken)
    {
        var names = vclSwitch.Held().SelectMany(r => new[] { r.Revision.Name, r.Bypass.Name }).ToHashSet();
        foreach (var vcl in await varnish.ListAsync(cancellationToken))
        {
            if (vcl.Status == "available" && vcl.Name.StartsWith(OurPrefix, StringComparison.Ordinal)
                && !names.Contains(vcl.Name))
            {
                await varnish.DiscardAsync(vcl.Name, cancellationToken);
            }
        }

        shelf.Keep(vclSwitch.Record.Held.Items);
    }
}
