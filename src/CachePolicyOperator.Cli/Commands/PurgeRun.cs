using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>One invalidation: ordered, and told when every pod has confirmed it.</summary>
internal sealed class PurgeRun(PolicyCluster policies, Terminal terminal)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <param name="patience">How long to wait for the pods; null: not at all.</param>
    public async Task<int> RunAsync(
        CacheInvalidationSpec spec, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var made = await policies.InvalidateAsync(spec, cancellationToken);
        var subject = $"{policies.Namespace}/{made.Metadata.Name}";
        if (patience is null)
        {
            await terminal.Out.WriteLineAsync(
                $"{subject}: ordered; `kubectl get cinv {made.Metadata.Name} -n {policies.Namespace}` shows which pods "
                    + "confirmed");
            return ExitCode.Success;
        }

        var ordered = terminal.Time.GetTimestamp();
        var status = made.Status;
        while (status?.FinishedAt is null && terminal.Time.GetElapsedTime(ordered) < patience)
        {
            await Task.Delay(LookAgain, terminal.Time, cancellationToken);
            status = (await policies.InvalidationAsync(made.Metadata.Name, cancellationToken)).Status;
        }

        return await TellAsync(subject, status, patience.Value);
    }

    private async Task<int> TellAsync(string subject, CacheInvalidationStatus? status, TimeSpan patience)
    {
        var said = status?.Conditions?.FirstOrDefault(
            c => c.Type == (status.Phase == "Refused" ? "Accepted" : "Complete"))?.Message;
        switch (status?.Phase)
        {
            case "Complete":
                await terminal.Out.WriteLineAsync($"{subject}: {SafeText.Of(said ?? "complete")}");
                return ExitCode.Success;
            case "Refused":
                await terminal.Error.WriteLineAsync($"error: {subject}: {SafeText.Of(said ?? "refused")}");
                return ExitCode.Refused;
            default:
                await terminal.Error.WriteLineAsync(
                    $"error: {subject}: not complete after {patience.TotalSeconds:0} s: "
                        + $"{SafeText.Of(said ?? "the operator has not answered")}\n"
                    + "help: it stays ordered, and pods do it when they can be reached; look whether the operator runs");
                return ExitCode.Unanswered;
        }
    }
}
