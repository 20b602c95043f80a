using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>
/// The revisions of the state directory that the operator vouches for, read once, and the names by which varnishd knows
/// them.
/// </summary>
internal sealed class RevisionShelf(StateDirectory state, IOperatorCheck check)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, ShelvedRevision> _byDigest = [];

    public ShelvedRevision? Find(Digest digest)
    {
        lock (_lock)
        {
            if (!_byDigest.TryGetValue(digest, out var revision) && state.ReadRevision(digest) is { } package
                && check.Holds(package))
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

    public void Keep(IReadOnlyCollection<Digest> held)
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
