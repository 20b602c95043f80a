using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>
/// One return: ordered by annotation, and its answer read from the incidents that it closes, or does not.
/// </summary>
internal sealed class ReturnOrder(PolicyCluster policies, string name, Terminal terminal)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    /// <param name="patience">How long to wait for the answer; null: not at all.</param>
    public async Task<int> RunAsync(string asked, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var policy = await policies.PolicyAsync(name, cancellationToken);
        var before = await OpenAsync(cancellationToken);
        if (before.Count == 0)
        {
            return await FailAsync("no incident of it is open, so there is nothing to return from");
        }

        if (!TryResolve(asked, policy, before, out var digest))
        {
            return await FailAsync($"`{asked}` names several revisions", "give more digits");
        }

        await policies.AnnotateAsync(name, new Dictionary<string, string?>
        {
            [PolicyAnnotations.Return] = digest,
            [PolicyAnnotations.Fallback] = null,
            [PolicyAnnotations.FallbackReason] = null,
        }, cancellationToken);
        if (patience is null)
        {
            await terminal.Out.WriteLineAsync(
                $"{Subject}: the return with {digest} is ordered; `cachepolicy status {name} -n {policies.Namespace}` "
                    + "shows the answer");
            return ExitCode.Success;
        }

        var ordered = terminal.Time.GetTimestamp();
        while (terminal.Time.GetElapsedTime(ordered) < patience)
        {
            if (await AnswerAsync(digest, before, cancellationToken) is { } exitCode)
            {
                return exitCode;
            }

            await Task.Delay(LookAgain, terminal.Time, cancellationToken);
        }

        await terminal.Error.WriteLineAsync(
            $"error: {Subject}: the operator has not answered in {patience.Value.TotalSeconds:0} s; the return stays "
                + "ordered\n"
            + $"help: look whether the operator runs; `cachepolicy status {name} -n {policies.Namespace}` shows the "
            + "answer");
        return ExitCode.Unanswered;
    }

    private string Subject => $"{policies.Namespace}/{name}";

    /// <summary>Null while there is none: the operator takes the annotation off when it has answered.</summary>
    private async Task<int?> AnswerAsync(
        string digest, IReadOnlyList<CacheIncident> before, CancellationToken cancellationToken)
    {
        var policy = await policies.PolicyAsync(name, cancellationToken);
        if (policy.Metadata.Annotations?.TryGetValue(PolicyAnnotations.Return, out var asked) == true
            && asked == digest)
        {
            return null;
        }

        var now = (await policies.IncidentsAsync(cancellationToken))
            .Where(i => before.Any(b => b.Metadata.Uid == i.Metadata.Uid)).ToList();
        if (now.Find(i => i.Status?.Phase == "Returned") is { } closed)
        {
            await terminal.Out.WriteLineAsync(
                $"{Subject}: the cache returns with {closed.Status!.ReturnedWith ?? digest}");
            return ExitCode.Success;
        }

        var said = now.Select(i => i.Status?.Timeline?.LastOrDefault(t => t.Actor == "operator")?.What)
            .OfType<string>()
            .FirstOrDefault();
        return await FailAsync($"the return is refused: {said ?? "the order was taken back"}",
            $"`kubectl describe cpol {name} -n {policies.Namespace}` tells more");
    }

    private async Task<IReadOnlyList<CacheIncident>> OpenAsync(CancellationToken cancellationToken) =>
        [.. (await policies.IncidentsAsync(cancellationToken))
            .Where(i => i.Spec.Policy == name && i.Status?.Phase is null or "Open")];

    /// <summary>
    /// The one revision that anybody knows by these first digits; the digits themselves where nobody does.
    /// </summary>
    private static bool TryResolve(
        string asked, CachePolicy policy, IEnumerable<CacheIncident> incidents, out string digest)
    {
        var prefix = DigestPrefix.Read(asked);
        var revision = policy.Status?.Revision;
        Digest[] known =
        [
            .. new[] { revision?.Proven, revision?.Active, revision?.Previous }
                .Concat(incidents.SelectMany(i => (i.Spec.Revisions ?? []).Concat(i.Status?.Revisions ?? [])))
                .Select(Digest.Read)
                .OfType<Digest>()
                .Where(k => prefix?.Names(k) == true)
                .Distinct(),
        ];
        digest = known is [var one, ..] ? one.ToString() : prefix?.ToString() ?? asked;
        return known.Length <= 1;
    }

    private async Task<int> FailAsync(string message, string? help = null)
    {
        await terminal.Error.WriteLineAsync(
            $"error: {SafeText.Of($"{Subject}: {message}")}{(help is null ? "" : $"\nhelp: {help}")}");
        return ExitCode.Refused;
    }
}
