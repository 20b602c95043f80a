using System.Globalization;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>What the canaries of a trial came to, taken together.</summary>
public enum TrialOutcome
{
    /// <summary>No pod tries it yet.</summary>
    Waiting,

    Running,

    /// <summary>Enough probes showed nothing, and it served for long enough.</summary>
    Passed,

    /// <summary>One identity got what belongs to the other, or a personal page came from the cache.</summary>
    Leaked,

    /// <summary>Most probes said nothing, and more would not help. No data is no success.</summary>
    Inconclusive,

    /// <summary>
    /// The policy demands that the origin forbids to store its personal answers, and it does not.
    /// </summary>
    ContractBroken,
}

/// <summary>How far a trial is.</summary>
/// <param name="Clear">Pairs that showed nothing, in the canary with the fewest.</param>
/// <param name="ServedSeconds">How long it served in the canary that served the shortest.</param>
/// <param name="Note">As the agents say it: the leak, or why pairs said nothing.</param>
public sealed record TrialJudgement(
    TrialOutcome Outcome, int Sent, int Clear, int Leaked, int Inconclusive, double ServedSeconds, string? Note)
{
    /// <param name="canaries">The pods that are to try it; null for one that cannot be reached.</param>
    public static TrialJudgement Of(Trial trial, IReadOnlyCollection<AgentStatus?> canaries)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(canaries);
        var (settings, wanted) = (trial.Candidate.Rollout, trial.Candidate.Rollout.CanaryProbes);
        var told = canaries.Select(c => c?.Trial?.Id == trial.Id ? c.Trial : null).ToArray();
        var known = told.OfType<TrialProgress>().ToArray();
        var served = known.Length == told.Length && known.Length > 0 ? known.Min(t => t.ServedSeconds) : 0;
        var counted = new TrialJudgement(
            TrialOutcome.Running,
            known.Sum(t => t.Sent),
            known.Length == told.Length && known.Length > 0 ? known.Min(t => t.Clear) : 0,
            known.Sum(t => t.Leaked),
            known.Sum(t => t.Inconclusive),
            served,
            (known.FirstOrDefault(t => t.Leaked > 0) ?? known.FirstOrDefault(t => t.Note is not null))?.Note);
        string[] broken = trial.Candidate.OnGuard.OriginContract == OriginContract.Require
            ? [.. canaries.SelectMany(c => c?.Contract?.Broken.Items ?? []).Distinct().Order(StringComparer.Ordinal)]
            : [];
        if (broken.Length > 0)
        {
            counted = counted with
            {
                Note =
                $"the origin answers {string.Join(", ", broken)} without `no-store` or `private`"
            };
        }

        var isSeen = canaries.All(c => c is { Watching: true, VarnishRunning: true });
        return counted with
        {
            Outcome = counted.Leaked > 0 ? TrialOutcome.Leaked
                : known.Length == 0 ? TrialOutcome.Waiting
                : broken.Length > 0 ? TrialOutcome.ContractBroken
                : isSeen && known.Length == told.Length && counted.Clear >= wanted
                    && served >= settings.CanaryWindow.ToTimeSpan().TotalSeconds
                    ? TrialOutcome.Passed
                : known.Any(t => t.Clear < wanted && t.Sent >= TrialProgress.MostOfOne * wanted)
                    ? TrialOutcome.Inconclusive
                : TrialOutcome.Running,
        };
    }

    /// <summary>For people: pairs and time, of what is wanted.</summary>
    public string Progress(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var settings = trial.Candidate.Rollout;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Clear} of {settings.CanaryProbes} pairs of probes showed nothing, {Leaked} leaked, {Inconclusive} said "
                + $"nothing; served {ServedSeconds:0} of {settings.CanaryWindow.ToTimeSpan().TotalSeconds:0} s");
    }
}
