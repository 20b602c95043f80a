using System.CommandLine;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Says as a user of the cluster what one thinks of a revision.</summary>
internal static class ReviewCommand
{
    public static Command Create(Terminal terminal)
    {
        var cluster = new ClusterOptions(terminal);
        var name = cluster.NamedPolicy(new Argument<string>("name") { Description = "Name of the CachePolicy." });
        var verdict = new ReviewOptions();
        var digest = ReviewOptions.Digest("Digest of the revision, in full. Default: the one that waits for a review.");
        var timeout = CommonOptions.Timeout(30);
        var command = cluster.AddTo(new Command("review", """
            Approve or reject the revision of a policy that is proven and waits for a review; without a verdict: show what waits.
            It makes a CacheReview. It counts where you may `review` the policy (RBAC), are in a group that the policy or its
            PersonalRoutes name, and did not write the change. Who has no access to the cluster: `cachepolicy sign`.
            Without this tool: kubectl create -f, with `kind: CacheReview` (`kubectl explain creview.spec`).

            Exit code: 0 the review counts, 1 it does not, or is refused, 2 bad usage, 5 the operator has not answered in time.
            """) { name, digest, timeout });
        verdict.AddTo(command, isRequired: false);
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, policies =>
        {
            var run = new ReviewRun(policies, parsed.GetRequiredValue(name), terminal);
            return verdict.Of(parsed) is { } said
                ? run.ReviewAsync(
                    new CacheReviewSpec
                    {
                        Policy = parsed.GetRequiredValue(name),
                        Digest = parsed.GetValue(digest),
                        Verdict = said,
                        Comment = verdict.Comment(parsed),
                    },
                    TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                    cancellationToken)
                : run.ShowAsync(cancellationToken);
        }));
        return Examples.Add(command,
            ("cachepolicy review storefront -n web",
                "what waits, who wrote it, and what it would cache that is not cached now"),
            ("cachepolicy review storefront -n web --approve --comment 'prices are the same for all'",
                "let it come into force"),
            ("cachepolicy review storefront -n web --reject --comment 'quotes are personal'",
                "hold it, whoever approves"));
    }
}
