using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>What a reviewer says about a digest, read and found well-formed.</summary>
public sealed record Review(
    ResourceName Name, string Policy, Digest Digest, bool Approved, string? Comment, ReviewSignature? Signature);

/// <summary>A detached signature by a key that the policy names.</summary>
public sealed record ReviewSignature(string Key, ReadOnlyMemory<byte> Value);
