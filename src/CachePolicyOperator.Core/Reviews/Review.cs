using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Reviews;

/// <summary>What a reviewer says about one revision of a policy. It binds the digest, not the name.</summary>
public sealed record Review(
    ResourceName Name, string Policy, Digest Digest, bool Approved, string? Comment, ReviewSignature? Signature);
