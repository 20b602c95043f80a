using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>
/// A policy as it is written, with the revision that is proven for it. It is not in force: that only a
/// <see cref="ForceGate"/> can say.
/// </summary>
/// <param name="Generation">Generation of the spec that was proven.</param>
public sealed record ProvenPolicy(PolicySet Set, RenderTarget Target, ProvenRevision Revision, long Generation);
