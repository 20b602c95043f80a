using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>
/// Which revisions do nothing that what is in force does not, though their digest is another: they wait for no review
/// and for no trial.
/// </summary>
internal static class RevisionKinship
{
    /// <summary>
    /// The same text of the same policy, but for where its origin is: a Service that is made anew must not wait for
    /// anybody.
    /// </summary>
    public static bool IsSame(RevisionArchive archive, CachePolicy policy, ProvenPolicy proven, InForce? inForce) =>
        inForce?.Generation == proven.Generation
        && archive.FindRevision(policy, inForce.Revision) is { } before
        && OriginBlind.IsSameButAddress(before.Vcl, proven.Revision.Text);

    /// <summary>
    /// Nobody wrote the policy anew, and nothing is less personal than it was: the operator, the engine or the address
    /// of the origin is another, or more is personal now, which must not wait for anybody.
    /// </summary>
    public static bool IsRenderedAnew(ProvenPolicy proven, InForce? inForce)
    {
        if (inForce is null || inForce.Generation != proven.Generation || proven.Set.Policy.Vcl?.ConfigMap is not null)
        {
            return false;
        }

        var (before, now) = (inForce.Guard, GuardOf.Policies(proven.Set));
        return before.Hosts == now.Hosts && GuardOf.Covers(now, before);
    }
}
