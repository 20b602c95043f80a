using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>One review: written, and told whether it counts; or what waits for one.</summary>
internal sealed class ReviewRun(PolicyCluster policies, string name, Terminal terminal)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private string Subject => $"{policies.Namespace}/{name}";

    /// <summary>Shows what waits for a review.</summary>
    public async Task<int> ShowAsync(CancellationToken cancellationToken)
    {
        var policy = await policies.PolicyAsync(name, cancellationToken);
        var said = Condition(policy)?.Message;
        if (policy.Status?.Review is not { } review || said is null)
        {
            await terminal.Out.WriteLineAsync($"{Subject}: nobody demands reviews of it");
            return ExitCode.Success;
        }

        await terminal.Out.WriteLineAsync(SafeText.Of($"{Subject}: {said}"));
        foreach (var line in Lines(review))
        {
            await terminal.Out.WriteLineAsync(SafeText.Of($"  {line}"));
        }

        if (Digest.Read(review.Revision) is { } digest)
        {
            await terminal.Out.WriteLineAsync(
                $"  its text: kubectl get cm -n {policies.Namespace} -l cachepolicy.dev/revision={digest.Hex[..16]} "
                + "-o jsonpath='{.items[0].data.default\\.vcl}'");
        }

        return ExitCode.Success;
    }

    /// <summary>Writes a review, of what waits where it names no revision.</summary>
    public async Task<int> ReviewAsync(
        CacheReviewSpec spec, TimeSpan patience, CancellationToken cancellationToken)
    {
        var policy = await policies.PolicyAsync(name, cancellationToken);
        spec.Digest ??= policy.Status?.Review?.Revision;
        if (spec.Digest is null)
        {
            await terminal.Error.WriteLineAsync(
                $"error: {Subject}: no revision of it waits for a review\nhelp: `--digest` names one all the same");
            return ExitCode.Refused;
        }

        var made = await policies.ReviewAsync(spec, cancellationToken);
        var asked = terminal.Time.GetTimestamp();
        while (terminal.Time.GetElapsedTime(asked) < patience)
        {
            var accepted = (await policies.ReviewAsync(made.Metadata.Name, cancellationToken)).Status?.Conditions?
                .FirstOrDefault(c => c.Type == PolicyConditions.Accepted);
            if (accepted is not null)
            {
                return await TellAsync(made.Metadata.Name, spec, accepted);
            }

            await Task.Delay(LookAgain, terminal.Time, cancellationToken);
        }

        await terminal.Error.WriteLineAsync(
            $"error: {Subject}: the operator has not answered in {patience.TotalSeconds:0} s; the review "
                + $"`{made.Metadata.Name}` stays\n"
            + $"help: look whether the operator runs; `kubectl get creview {made.Metadata.Name} -n "
            + $"{policies.Namespace}` shows whether it counts");
        return ExitCode.Unanswered;
    }

    private async Task<int> TellAsync(string made, CacheReviewSpec spec, Condition accepted)
    {
        if (accepted.Status != "True")
        {
            await terminal.Error.WriteLineAsync(SafeText.Of(
                $"error: {Subject}: the review `{made}` does not count: {accepted.Message}"));
            return ExitCode.Refused;
        }

        await terminal.Out.WriteLineAsync(SafeText.Of(
            $"{Subject}: revision {spec.Digest} is {spec.Verdict!.ToLowerInvariant()}; {accepted.Message}; "
            + $"`cachepolicy review {name} -n {policies.Namespace}` shows what is missing"));
        return ExitCode.Success;
    }

    private static IEnumerable<string> Lines(ReviewStatus review)
    {
        yield return $"revision: {review.Revision}";
        (string Label, IList<string>? Names)[] people =
        [
            ("written by", review.Authors), ("approved by", review.ApprovedBy), ("rejected by", review.RejectedBy),
        ];
        foreach (var (label, names) in people.Where(p => p.Names is { Count: > 0 }))
        {
            yield return $"{label}: {string.Join(", ", names!)}";
        }

        foreach (var sentence in review.NewlyCacheable ?? [])
        {
            yield return $"new: {sentence}";
        }
    }

    private static Condition? Condition(CachePolicy policy) =>
        policy.Status?.Conditions?.FirstOrDefault(c => c.Type == PolicyConditions.Reviewed);
}
