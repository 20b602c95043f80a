using CachePolicyOperator.Core;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>What varnishd said when it was last looked at.</summary>
/// <param name="EngineVersion">Null while varnishd does not answer.</param>
/// <param name="Serves">Whether the process that serves requests runs.</param>
/// <param name="ActiveIsProven">The active text came through the agent: a held revision or a bypass.</param>
/// <param name="Loaded">Digests of the held revisions that varnishd has.</param>
/// <param name="Unfit">
/// Why no proof holds for how varnishd runs, or nobody would see it fail; null where all is as it must be.
/// </param>
internal sealed record Observed(
    string? EngineVersion,
    bool Serves,
    string? ActiveName,
    Digest? ActiveDigest,
    bool ActiveIsProven,
    bool ActiveIsBypass,
    EquatableList<Digest> Loaded,
    string? Unfit = null)
{
    public static Observed Nothing { get; } = new(null, false, null, null, false, false, []);
}
