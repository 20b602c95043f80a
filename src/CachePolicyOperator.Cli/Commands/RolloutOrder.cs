using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>One order about a trial: given by annotation, its answer read from where the rollout then stands.</summary>
internal sealed class RolloutOrder(PolicyCluster policies, string name, Terminal terminal)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the status may lag behind an order that is carried out.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(5);

    private string Subject => $"{policies.Namespace}/{name}";

    /// <param name="patience">How long to wait for the answer; null: not at all.</param>
    public async Task<int> RunAsync(string word, TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (word != TrialCommand.Undo
            && (await policies.PolicyAsync(name, cancellationToken)).Status?.Rollout?.Revision is null)
        {
            await terminal.Error.WriteLineAsync(
                $"error: {Subject}: nothing is on trial, so there is nothing to {word}");
            return ExitCode.Refused;
        }

        await policies.AnnotateAsync(
            name, new Dictionary<string, string?> { [PolicyAnnotations.Rollout] = word }, cancellationToken);
        if (patience is null)
        {
            await terminal.Out.WriteLineAsync(
                $"{Subject}: {word} is ordered; `cachepolicy status {name} -n {policies.Namespace}` shows the answer");
            return ExitCode.Success;
        }

        var ordered = terminal.Time.GetTimestamp();
        long? taken = null;
        while (terminal.Time.GetElapsedTime(ordered) < patience)
        {
            var policy = await policies.PolicyAsync(name, cancellationToken);
            if (policy.Metadata.Annotations?.ContainsKey(PolicyAnnotations.Rollout) != true)
            {
                taken ??= terminal.Time.GetTimestamp();
                if (Stands(word, policy.Status?.Rollout?.Phase))
                {
                    await terminal.Out.WriteLineAsync($"{Subject}: {word} is carried out; {Said(policy)}");
                    return ExitCode.Success;
                }

                if (terminal.Time.GetElapsedTime(taken.Value) > Lag)
                {
                    await terminal.Error.WriteLineAsync(
                        $"error: {Subject}: {word} is refused; {Said(policy)}\nhelp: `kubectl describe cpol {name} -n "
                            + $"{policies.Namespace}` tells why, as an Event");
                    return ExitCode.Refused;
                }
            }

            await Task.Delay(LookAgain, terminal.Time, cancellationToken);
        }

        await terminal.Error.WriteLineAsync(
            $"error: {Subject}: the operator has not answered in {patience.Value.TotalSeconds:0} s; it stays ordered\n"
            + $"help: look whether the operator runs; `cachepolicy status {name} -n {policies.Namespace}` shows the "
            + "answer");
        return ExitCode.Unanswered;
    }

    private static bool Stands(string word, string? phase) => word switch
    {
        TrialCommand.Pause => phase == nameof(RolloutPhase.Paused),
        TrialCommand.Abort or TrialCommand.Undo => phase == nameof(RolloutPhase.Stopped),
        TrialCommand.Promote => phase is nameof(RolloutPhase.Promoting) or nameof(RolloutPhase.Done),
        _ => phase == nameof(RolloutPhase.Canary),
    };

    private static string Said(CachePolicy policy) => SafeText.Of(
        policy.Status?.Conditions?.FirstOrDefault(c => c.Type == PolicyConditions.Programmed)?.Message
            ?? "no more is known");
}
