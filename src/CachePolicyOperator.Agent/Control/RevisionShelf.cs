using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Agent.Control;

/// <summary>The revisions of the state directory, read once, and the names by which varnishd knows them.</summary>
internal sealed class RevisionShelf(StateDirectory state)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ShelvedRevision> _byDigest = [];

    public ShelvedRevision? Find(string? digest)
    {
        if (digest is null)
        {
            return null;
        }

        lock (_lock)
        {
            if (!_byDigest.TryGetValue(digest, out var revision) && state.ReadRevision(digest) is { } package)
            {
                _byDigest[digest] = revision = new ShelvedRevision(package);
            }

            return revision;
        }
    }

    public void Put(RevisionPackage package)
    {
        state.Write(package);
        lock (_lock)
        {
            _byDigest[package.Proof.Digest] = new ShelvedRevision(package);
        }
    }

    public void Keep(IReadOnlyCollection<string> held)
    {
        state.Keep(held);
        lock (_lock)
        {
            foreach (var digest in _byDigest.Keys.Except(held).ToList())
            {
                _byDigest.Remove(digest);
            }
        }
    }
}

/// <summary>A revision with the names of its two VCLs in varnishd.</summary>
internal sealed record ShelvedRevision(RevisionPackage Package)
{
    public string Digest => Package.Proof.Digest;

    public string Name { get; } = RevisionDigest.VclName(Package.Proof.Digest);

    public string BypassDigest { get; } = RevisionDigest.Of(Package.BypassVcl);

    public string BypassName => RevisionDigest.VclName(BypassDigest);

    /// <summary>Whether the proof holds for <paramref name="engineVersion"/>: the same major and minor version.</summary>
    public bool Fits(string engineVersion) => MajorMinor(engineVersion) == MajorMinor(Package.Proof.EngineVersion);

    private static string MajorMinor(string version) => string.Join('.', version.Split('.').Take(2));
}
