using System.Text.Json.Serialization;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>
/// A revision that has yet to earn its traffic: some pods serve with it, the others with what is in force beside it, or
/// with nothing from the cache where it is itself what is in force.
/// </summary>
/// <param name="Attempt">Grows where it is tried again.</param>
/// <param name="Why">Why it stands as it does, for people; null while it runs.</param>
public sealed record Trial(InForce Candidate, int Attempt, TrialStanding Standing, string? Why)
{
    /// <summary>
    /// Names this attempt. A newer generation of the policy is another, also where its text is the same.
    /// </summary>
    [JsonIgnore]
    public string Id => $"{Candidate.Revision.Abbreviated}.{Candidate.Generation}.{Attempt}";

    /// <summary>Whether it may still be passed.</summary>
    [JsonIgnore]
    public bool IsOpen => Standing is TrialStanding.Running or TrialStanding.Paused;

    public TrialOrder Order() => new(
        Id,
        Candidate.Revision,
        Candidate.Guard.Hosts,
        Candidate.TrialTargets,
        Candidate.Rollout.CanaryProbes,
        Candidate.Rollout.CanaryRate);

    public static Trial Of(InForce candidate) => new(candidate, 1, TrialStanding.Running, null);
}

/// <summary>How a trial stands, as far as it is written down.</summary>
public enum TrialStanding
{
    Running,

    /// <summary>A person holds it: it goes on, and is not passed.</summary>
    Paused,

    /// <summary>A person ended it: it is not tried again until somebody says so.</summary>
    Aborted,

    /// <summary>A probe showed a leak.</summary>
    Failed,
}
