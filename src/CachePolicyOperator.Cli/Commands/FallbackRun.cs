using System.Net;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>
/// One fallback: ordered by annotation, and waited for until the operator has taken the order up. Where it does not,
/// what does the same without it is printed, or done.
/// </summary>
internal sealed class FallbackRun(PolicyCluster policies, string name, Terminal terminal)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly BreakGlass _glass = new(policies);

    private string Subject => $"{policies.Namespace}/{name}";

    /// <param name="patience">How long to wait for the operator; null: not at all.</param>
    public async Task<int> OrderAsync(
        string level, string reason, TimeSpan? patience, CancellationToken cancellationToken)
    {
        try
        {
            await AnnotateAsync(level, reason, cancellationToken);
        }
        catch (ApiServerException refusal) when (IsOfDeadWebhook(refusal))
        {
            return await WithoutOperatorAsync(
                "the operator does not answer, and the API server refuses the order without it", cancellationToken);
        }

        if (patience is null || await IsTakenUpAsync(level, patience.Value, cancellationToken))
        {
            await terminal.Out.WriteLineAsync(
                $"{Subject}: fallback to {level} is {(patience is null ? "ordered" : "taken up by the operator")}; "
                + $"`cachepolicy status {name} -n {policies.Namespace}` shows it");
            return ExitCode.Success;
        }

        return await WithoutOperatorAsync(
            $"the operator has not taken the order up in {patience.Value.TotalSeconds:0} s; it stays ordered",
            cancellationToken);
    }

    /// <summary>Turns the entries by itself, and orders the fallback for when the operator is back.</summary>
    public async Task<int> BreakGlassAsync(string reason, CancellationToken cancellationToken)
    {
        var plan = await _glass.PlanAsync(name, await PolicyAsync(cancellationToken), cancellationToken);
        foreach (var entry in plan.Where(e => e.Json is not null))
        {
            await _glass.CarryOutAsync(entry, cancellationToken);
            await terminal.Out.WriteLineAsync(
                $"{policies.Namespace}/{entry.Service}: leads past the cache to the pods of `{entry.Origin}`");
        }

        var left = plan.Where(e => e.Json is null).ToArray();
        foreach (var entry in left)
        {
            await terminal.Error.WriteLineAsync(entry.Kubectl(policies.Namespace));
        }

        try
        {
            await AnnotateAsync("NoCache", reason, cancellationToken);
        }
        catch (ApiServerException refusal)
        {
            await terminal.Error.WriteLineAsync(
                $"note: the order is not kept for the operator ({SafeText.Of(refusal.Message)}); an entry turned by "
                    + "hand is found by it all the same");
        }

        if (plan.Count == 0)
        {
            await terminal.Error.WriteLineAsync($"error: {Subject}: there is no entry that could be turned");
        }

        return plan.Count > 0 && left.Length == 0 ? ExitCode.Success : ExitCode.Refused;
    }

    private Task AnnotateAsync(string level, string reason, CancellationToken cancellationToken) =>
        policies.AnnotateAsync(name, new Dictionary<string, string?>
        {
            [PolicyAnnotations.Fallback] = level,
            [PolicyAnnotations.FallbackReason] = reason,
            [PolicyAnnotations.Return] = null,
        }, cancellationToken);

    /// <summary>The operator takes the annotation off once it is written down in an incident.</summary>
    private async Task<bool> IsTakenUpAsync(string level, TimeSpan patience, CancellationToken cancellationToken)
    {
        var ordered = terminal.Time.GetTimestamp();
        while (true)
        {
            var annotations = (await policies.PolicyAsync(name, cancellationToken)).Metadata.Annotations;
            if (annotations?.TryGetValue(PolicyAnnotations.Fallback, out var asked) != true || asked != level)
            {
                return true;
            }

            if (terminal.Time.GetElapsedTime(ordered) >= patience)
            {
                return false;
            }

            await Task.Delay(LookAgain, terminal.Time, cancellationToken);
        }
    }

    private async Task<int> WithoutOperatorAsync(string why, CancellationToken cancellationToken)
    {
        var plan = await _glass.PlanAsync(name, await PolicyAsync(cancellationToken), cancellationToken);
        await terminal.Error.WriteLineAsync(
            $"error: {Subject}: {why}\n"
            + "help: this takes Varnish out of the path without the operator, and `cachepolicy fallback --break-glass` "
            + "does it for you:");
        foreach (var entry in plan)
        {
            await terminal.Out.WriteLineAsync(entry.Kubectl(policies.Namespace));
        }

        return ExitCode.Unanswered;
    }

    private async Task<CachePolicy?> PolicyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await policies.PolicyAsync(name, cancellationToken);
        }
        catch (ApiServerException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    // What the API server says where a webhook that must answer does not.
    private static bool IsOfDeadWebhook(ApiServerException refusal) =>
        refusal.Message.Contains("failed calling webhook", StringComparison.Ordinal);
}
