using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>
/// Which VCL serves, and the record of it that the next start reads: the only class that has varnishd use another one.
/// <para>
/// Two turns order what the agent does to varnishd. The turn of <em>switching</em>, <see cref="Turn"/>, is held from
/// the decision which VCL serves until that is written down, a few milliseconds: so orders, leak reflex and
/// supervision change varnishd and the record in one order, and a later decision sees the earlier one whole. The turn
/// of <em>loading</em>,
/// <see cref="RevisionLoader.Turn"/>, is held while varnishd compiles, is looked at, or discards, and may take seconds:
/// so none discards what another has just loaded, and what is held does not change under a look. Loading is taken
/// before switching, never the other way round.
/// </para>
/// <para>
/// INVARIANT: The leak reflex takes the turn of switching alone, and no one in that turn loads, looks or computes. So
/// in the agent a bypass waits for one switch at most, never for a load, a look, a guard that is being built or a
/// proof. What is left is varnishd itself, which carries out no command while it compiles a VCL.
/// </para>
/// </summary>
internal sealed class VclSwitch(IVarnish varnish, StateDirectory state, RevisionShelf shelf) : IDisposable
{
    private readonly SemaphoreSlim _switching = new(1, 1);
    private ProvenState _record = state.ReadState();
    private volatile Observed _seen = Observed.Nothing;
    private int _switches;

    /// <summary>What the pod may do, as it was last written down.</summary>
    public ProvenState Record => Volatile.Read(ref _record);

    /// <summary>What varnishd did when it was last looked at or switched.</summary>
    public Observed Seen => _seen;

    /// <summary>Counts the switches: what was looked up before one says nothing after it.</summary>
    public int Switches => Volatile.Read(ref _switches);

    public async Task<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        await _switching.WaitAsync(cancellationToken);
        return new Turn(this);
    }

    public IReadOnlyList<ShelvedRevision> Held() => [.. Record.Held.Items.Select(shelf.Find).OfType<ShelvedRevision>()];

    /// <summary>The revision that serves at level <c>Cached</c>, where it is still on the shelf.</summary>
    public ShelvedRevision? Serving() => Record.Serving is { } serving ? shelf.Find(serving) : null;

    /// <summary>Any revision whose bypass can be used: that of the serving one, else of the one put last.</summary>
    public ShelvedRevision? BypassSource() => Serving() ?? (Held() is [.., var last] ? last : null);

    /// <summary>What shall serve now; null where nothing proven is held.</summary>
    public VclToUse? Desired(string? engineVersion)
    {
        var isCached = Record.Level == CacheLevel.Cached;
        var serving = Serving();
        if (isCached && (Record.Serving is null || (serving is null && Seen.Unfit is null)))
        {
            return null;
        }

        // A proof for another version of Varnish, or other parameters, proves nothing here; passing everything needs
        // none.
        return isCached && engineVersion is not null && serving?.Fits(engineVersion) == true && Seen.Unfit is null
            ? serving.Revision
            : BypassSource()?.Bypass;
    }

    /// <summary>
    /// Takes note of a look that began after <paramref name="switches"/>; false where it is older than a switch.
    /// </summary>
    public async Task<bool> NoteAsync(Observed seen, int switches, CancellationToken cancellationToken)
    {
        using var turn = await TakeAsync(cancellationToken);
        if (switches != _switches)
        {
            return false;
        }

        _seen = seen;
        return true;
    }

    /// <summary>
    /// varnishd does not answer. Said at once: the pod is not ready, whoever is waiting for an answer in a turn.
    /// </summary>
    public void LoseSight() => _seen = Observed.Nothing;

    public void Dispose() => _switching.Dispose();

    /// <summary>The turn of switching: whoever holds it is the only one who changes what serves.</summary>
    internal sealed class Turn(VclSwitch owner) : IDisposable
    {
        public ProvenState Record => owner._record;

        public Observed Seen => owner._seen;

        /// <summary>New requests are served with <paramref name="vcl"/> when this returns.</summary>
        public Task UseAsync(VclToUse vcl, CancellationToken cancellationToken) =>
            owner.UseAsync(vcl, cancellationToken);

        /// <summary>Written down when this returns.</summary>
        public void Save(ProvenState next) => owner.Save(next);

        public void Dispose() => owner._switching.Release();
    }

    private async Task UseAsync(VclToUse vcl, CancellationToken cancellationToken)
    {
        try
        {
            await varnish.UseAsync(vcl.Name, cancellationToken);
        }
        finally
        {
            // Also where the answer was lost: varnishd may have switched.
            Interlocked.Increment(ref _switches);
        }

        _seen = _seen with
        {
            ActiveName = vcl.Name,
            ActiveDigest = vcl.Digest,
            ActiveIsProven = true,
            ActiveIsBypass = vcl.IsBypass,
        };
    }

    private void Save(ProvenState next)
    {
        if (next != _record)
        {
            state.Write(next);
            Volatile.Write(ref _record, next);
        }
    }
}
