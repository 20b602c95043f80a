namespace CachePolicyOperator.Core.Rollout;

/// <summary>The answer to what a person orders of a trial.</summary>
/// <param name="Next">What is in force, and on trial, from then on; null where nothing changes.</param>
/// <param name="Message">For people.</param>
public sealed record TrialAnswer(InForce? Next, string Message);

/// <summary>
/// What a person may order of a trial: the words of <c>kubectl argo rollouts</c> (Argo Rollouts, command reference).
/// </summary>
public static class TrialCommand
{
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Promote = "promote";
    public const string Abort = "abort";
    public const string Retry = "retry";
    public const string Undo = "undo";

    public static EquatableList<string> Words { get; } = [Pause, Resume, Promote, Abort, Retry, Undo];

    /// <param name="by">Who ordered it, in words.</param>
    public static TrialAnswer Carry(string word, InForce inForce, string by)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(inForce);
        if (!Words.Contains(word.Trim()))
        {
            return new TrialAnswer(null, $"`{word}` is none of {string.Join(", ", Words.Items)}");
        }

        if (word.Trim() == Undo)
        {
            return TakeBack(inForce, by);
        }

        if (inForce.Trial is not { } trial)
        {
            return new TrialAnswer(null, $"nothing is on trial, so there is nothing to {word.Trim()}");
        }

        var revision = $"revision {trial.Candidate.Revision.Abbreviated}";
        return (word.Trim(), trial.Standing) switch
        {
            (Pause, TrialStanding.Running) => Stand(inForce, TrialStanding.Paused, $"paused; {by}"),
            (Resume, TrialStanding.Paused) => new TrialAnswer(
                TrialGate.Stand(inForce, TrialStanding.Running, null), $"{revision} is on trial again; {by}"),
            (Promote, TrialStanding.Running or TrialStanding.Paused) => new TrialAnswer(
                TrialGate.Pass(inForce), $"{revision} is promoted before its trial was over; {by}"),
            (Abort, TrialStanding.Running or TrialStanding.Paused) => Stand(
                inForce, TrialStanding.Aborted, $"aborted; {by}"),
            (Retry, TrialStanding.Failed) => new TrialAnswer(
                null, $"{revision} leaked, and is not tried again; change the policy until another revision is proven"),
            (Retry, _) =>
                new TrialAnswer(TrialGate.Retry(inForce), $"{revision} is tried again from the beginning; {by}"),
            (var order, var standing) => new TrialAnswer(
                null, $"{revision} is {standing.ToString().ToLowerInvariant()}, so there is nothing to {order}"),
        };

        TrialAnswer Stand(InForce known, TrialStanding standing, string why) =>
            new(TrialGate.Stand(known, standing, why), $"the trial of {revision} is {why}");
    }

    private static TrialAnswer TakeBack(InForce inForce, string by) =>
        TrialGate.Undo(inForce, $"undone; {by}") is { } before
            ? new TrialAnswer(before,
                $"revision {inForce.Revision.Abbreviated} is taken back, {before.Revision.Abbreviated} serves again; "
                    + $"{by}")
            : new TrialAnswer(null, inForce.Trial is { IsOpen: true } trial
                ? $"revision {trial.Candidate.Revision.Abbreviated} is on trial, and did not go to all pods: `{Abort}` it"
                : inForce.Trial is not null ? $"revision {inForce.Revision.Abbreviated} serves already, as before"
                : $"no revision is known that served before {inForce.Revision.Abbreviated} passed a trial; apply the "
                    + "policy of then");
}
