using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>Looks what varnishd holds and serves with, and has the <see cref="VclSwitch"/> take note of it.</summary>
internal sealed class VarnishObserver(
    IVarnish varnish, VclSwitch vclSwitch, ProofParameters parameters, Tripwire tripwire)
{
    private const string Unguarded = "nothing is known to watch for until the operator orders it";

    private ActiveText? _activeText;

    private sealed record ActiveText(string Name, Digest Digest);

    /// <summary>The active text is asked for again at the next look, whatever its name.</summary>
    public void ForgetText() => _activeText = null;

    /// <summary>One look. In the turn of loading, so that what is held does not change meanwhile.</summary>
    public async Task ObserveAsync(CancellationToken cancellationToken)
    {
        var version = await varnish.EngineVersionAsync(cancellationToken);
        var serves = await varnish.ServesAsync(cancellationToken);

        // Outside the turn of switching, so that no bypass waits for a look; again where something was switched
        // meanwhile.
        int switches;
        Observed seen;
        do
        {
            switches = vclSwitch.Switches;
            seen = await LookAsync(version, serves, cancellationToken);
        }
        while (!await vclSwitch.NoteAsync(seen, switches, cancellationToken));
    }

    /// <summary>Digest of the text behind a name; null where varnishd no longer has it.</summary>
    public async Task<Digest?> DigestOfAsync(string? vclName, CancellationToken cancellationToken)
    {
        if (vclSwitch.Held().FirstOrDefault(r => r.Revision.Name == vclName) is { } held)
        {
            return held.Digest;
        }

        try
        {
            return vclName is not null && await varnish.ShowAsync(vclName, cancellationToken) is { } text
                ? Digest.Of(text)
                : null;
        }
        catch (VarnishUnavailableException)
        {
            return null;
        }
    }

    private async Task<Observed> LookAsync(string version, bool serves, CancellationToken cancellationToken)
    {
        var held = vclSwitch.Held();
        var list = await varnish.ListAsync(cancellationToken);
        var active = list.FirstOrDefault(v => v.IsActive);
        var digest = active is null ? null : await ActiveDigestAsync(active.Name, cancellationToken);
        var isBypass = held.Any(r => r.Bypass.Digest == digest);
        var unfit = parameters.Unfit ?? (tripwire.Guard is null ? Unguarded : null);
        var isProven = isBypass || (unfit is null && held.Any(r => r.Digest == digest && r.Fits(version)));
        var loaded = held.Where(r => list.Any(v => v.Name == r.Revision.Name && !v.IsDiscarded)).Select(r => r.Digest);
        return new Observed(version, serves, active?.Name, digest, isProven, isBypass, loaded.ToEquatableList(), unfit);
    }

    // Asking for the text every time would be dear where it is long.
    private async Task<Digest?> ActiveDigestAsync(string name, CancellationToken cancellationToken)
    {
        if (_activeText?.Name != name)
        {
            var text = await varnish.ShowAsync(name, cancellationToken);
            _activeText = text is null ? null : new ActiveText(name, Digest.Of(text));
        }

        return _activeText?.Digest;
    }
}
