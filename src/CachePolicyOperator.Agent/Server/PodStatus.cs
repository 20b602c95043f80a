using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Trials;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Server;

/// <summary>What the operator and the probes are told of the pod: what varnishd does, not what it was told.</summary>
internal sealed class PodStatus(
    VclSwitch vclSwitch, EventLog events, Tripwire tripwire, LogWatch watch, TrialBook trials, ContractWatch contract)
{
    /// <summary>
    /// Whether traffic may come here: varnishd passes everything, or serves with what is proven and is watched.
    /// </summary>
    public bool IsReady => vclSwitch.Seen is { Serves: true, ActiveIsProven: true } seen
        && (seen.ActiveIsBypass || watch.IsTrusted);

    public AgentStatus Read()
    {
        var seen = vclSwitch.Seen;
        var kept = vclSwitch.Record;
        return new AgentStatus(
            events.Instance,
            seen.EngineVersion,
            seen.Serves,
            LevelOf(seen, kept),
            seen.ActiveDigest,
            seen.ActiveIsProven,
            kept.Serving,
            seen.Loaded,
            watch.IsWatching,
            tripwire.Guard?.Digest,
            events.Last,
            kept.LastLeak,
            kept.ByItself,
            trials.Progress,
            contract.Read());
    }

    // Only a pod that serves with the bypass is bypassed.
    private static CacheLevel LevelOf(Observed seen, ProvenState kept) =>
        seen.ActiveIsBypass ? CacheLevel.Bypassed
        : seen.ActiveName is null || kept.Serving is null ? kept.Level
        : CacheLevel.Cached;
}
