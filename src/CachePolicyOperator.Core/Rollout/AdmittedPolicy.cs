namespace CachePolicyOperator.Core.Rollout;

/// <summary>
/// A proven policy that may come into force. Only <see cref="ForceGate"/> makes one, and only of this an
/// <see cref="InForce"/> is made.
/// </summary>
public sealed record AdmittedPolicy
{
    internal AdmittedPolicy(ProvenPolicy proven) => Proven = proven;

    public ProvenPolicy Proven { get; }
}
