using System.Text.Json;
using System.Text.Json.Serialization;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// A revision with the record of its proof. The agent loads it only where the digest is that of the text, and the
/// operator signed it for this agent.
/// </summary>
/// <param name="BypassVcl">
/// The VCL of <see cref="CacheLevel.Bypassed"/> for the same origins. Loaded and kept warm together with the revision,
/// so that a bypass never waits for a compiler.
/// </param>
/// <param name="Signature"><see cref="OperatorSignature"/>, in Base64; null before it is sent.</param>
public sealed record RevisionPackage(string Vcl, ProofRecord Proof, string BypassVcl, string? Signature = null)
{
    public static RevisionPackage Of(ProvenRevision revision, PolicySet policies, RenderTarget target) =>
        new(revision.Text, revision.Proof, VclRenderer.RenderBypass(policies, target));
}

/// <summary>Makes a loaded revision the one that serves.</summary>
public sealed record Activation(Digest Digest);

/// <summary>
/// Sets how much is cached: <see cref="CacheLevel.Cached"/> or <see cref="CacheLevel.Bypassed"/>.
/// An agent that bypassed by itself returns to <c>Cached</c> only by an order whose <paramref
/// name="AcknowledgesEvent"/> is at least the sequence of its last leak, so that an order sent before the leak cannot
/// undo the bypass.
/// </summary>
public sealed record LevelOrder(CacheLevel Level, string Reason, long AcknowledgesEvent);

/// <summary>What the agent watches for.</summary>
/// <param name="Routes">Personal routes, as the policy set declares them.</param>
/// <param name="IdentityKey">Secret key of the identity hashes (HMAC-SHA-256), 32 bytes in Base64.</param>
/// <param name="Signature"><see cref="OperatorSignature"/>, in Base64; null before it is sent.</param>
public sealed record GuardConfiguration(
    EquatableList<string> Hosts,
    EquatableList<GuardedRoute> Routes,
    EquatableList<string> OriginProfiles,
    IdentityCarriers Identity,
    LeakResponse OnLeak,
    string IdentityKey,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Signature = null)
{
    /// <summary>
    /// The name of this configuration, whoever signed it, as <see cref="AgentStatus.GuardDigest"/> tells it.
    /// </summary>
    public Digest ComputeDigest() => Digest.Of(JsonSerializer.SerializeToUtf8Bytes(
        this with { Signature = null }, AgentApi.Message<GuardConfiguration>()));
}

/// <summary>A personal route on the wire: exactly one of the four forms is given.</summary>
public sealed record GuardedRoute(string? Path, string? PathPrefix, string? Template, string? Regex);
