using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>What a cache pod is doing now, as varnishd itself says.</summary>
/// <param name="Instance">New at every start of the agent.</param>
/// <param name="EngineVersion">The running varnishd, for example <c>7.1.1</c>; null while it does not answer.</param>
/// <param name="ActiveDigest">Digest of the text that varnishd serves with; null while nothing is loaded.</param>
/// <param name="ActiveProven">
/// Whether that text came through the agent with a proof (the bypass counts as proven).
/// </param>
/// <param name="ServingDigest">
/// The revision that serves at level <c>Cached</c>; null before the first activation.
/// </param>
/// <param name="Loaded">Digests of the revisions that varnishd holds, without the bypasses.</param>
/// <param name="Watching">
/// Whether the log is read and a guard is configured, and nothing of the log was lost of late.
/// </param>
/// <param name="LastLeak">Sequence of the last leak event; 0 where there was none.</param>
/// <param name="BypassedByItself">Whether the level is a bypass that the agent made on a leak.</param>
/// <param name="Trial">The trial that was ordered last; null where none is.</param>
/// <param name="Contract">What the origin says of its personal answers; null from an agent that does not look.</param>
public sealed record AgentStatus(
    string Instance,
    string? EngineVersion,
    bool VarnishRunning,
    CacheLevel Level,
    Digest? ActiveDigest,
    bool ActiveProven,
    Digest? ServingDigest,
    EquatableList<Digest> Loaded,
    bool Watching,
    Digest? GuardDigest,
    long LastEvent,
    long LastLeak,
    bool BypassedByItself = false,
    TrialProgress? Trial = null,
    ContractSight? Contract = null);

/// <summary>
/// Whether the origin itself forbids to store its personal answers (<c>no-store</c> or <c>private</c>, RFC 9111
/// §5.2.2), by the routes as the policy declares them; those of which no answer was seen are in neither.
/// </summary>
/// <param name="Kept">Routes of which every answer within the last hour forbade it.</param>
/// <param name="Broken">Routes of which one did not.</param>
public sealed record ContractSight(EquatableList<string> Kept, EquatableList<string> Broken);
