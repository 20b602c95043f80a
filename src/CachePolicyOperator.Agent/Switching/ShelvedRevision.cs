using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>A revision with the names of its two VCLs in varnishd.</summary>
internal sealed record ShelvedRevision(RevisionPackage Package)
{
    public string Digest => Package.Proof.Digest;

    public VclToUse Revision { get; } =
        new(RevisionDigest.VclName(Package.Proof.Digest), Package.Proof.Digest, IsBypass: false);

    public VclToUse Bypass { get; } = BypassOf(Package);

    /// <summary>
    /// Whether the proof holds for <paramref name="engineVersion"/>: the same major and minor version.
    /// </summary>
    public bool Fits(string engineVersion) => MajorMinor(engineVersion) == MajorMinor(Package.Proof.EngineVersion);

    private static VclToUse BypassOf(RevisionPackage package)
    {
        var digest = RevisionDigest.Of(package.BypassVcl);
        return new VclToUse(RevisionDigest.VclName(digest), digest, IsBypass: true);
    }

    private static string MajorMinor(string version) => string.Join('.', version.Split('.').Take(2));
}
