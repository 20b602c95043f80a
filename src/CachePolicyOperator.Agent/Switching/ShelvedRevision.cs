using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>A revision with the names of its two VCLs in varnishd.</summary>
internal sealed record ShelvedRevision(RevisionPackage Package)
{
    public Digest Digest => Package.Proof.Digest;

    public VclToUse Revision { get; } = new(Package.Proof.Digest, IsBypass: false);

    public VclToUse Bypass { get; } = new(Digest.Of(Package.BypassVcl), IsBypass: true);

    /// <summary>
    /// Whether the proof holds for <paramref name="engineVersion"/>: the same major and minor version.
    /// </summary>
    public bool Fits(string engineVersion) => MajorMinor(engineVersion) == MajorMinor(Package.Proof.EngineVersion);

    private static string MajorMinor(string version) => string.Join('.', version.Split('.').Take(2));
}
