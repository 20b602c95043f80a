using System.CommandLine;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Leads the trial of a revision by hand.</summary>
internal static class RolloutCommand
{
    public static Command Create(Terminal terminal)
    {
        var cluster = new ClusterOptions(terminal);
        var order = new Argument<string>("order")
        {
            Description = "pause: it goes on and is not passed. resume: it may be passed again. promote: to all pods "
                + "now, its trial is over. "
                + "abort: back to what served before. retry: once more from the beginning. undo: back to what served "
                + "before the last one that passed.",
        };
        order.AcceptOnlyFromAmong([.. TrialCommand.Words]);
        var name = cluster.NamedPolicy(new Argument<string>("name") { Description = "Name of the CachePolicy." });
        var wait = CommonOptions.Wait("Wait until the operator has carried it out.");
        var timeout = CommonOptions.Timeout(30);
        var command = cluster.AddTo(new Command("rollout", $"""
            Lead the trial of a revision by hand: pause, resume, promote, abort, retry; or take back what passed it: undo.
            A proven revision serves in one pod first, and goes to the others when it has served there for a while and probes by two
            identities showed nothing (spec.rollout.canary). `cachepolicy status NAME` shows how far it is.
            Without this tool: kubectl annotate cpol NAME {PolicyAnnotations.Rollout}=promote

            Exit code: 0 it is carried out (with --wait=false: ordered), 1 it is refused, 2 bad usage, 5 the operator did not answer in
            time: it stays ordered.
            """) { order, name, wait, timeout });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, policies =>
            new RolloutOrder(policies, parsed.GetRequiredValue(name), terminal).RunAsync(
                parsed.GetRequiredValue(order),
                parsed.GetValue(wait) ? TimeSpan.FromSeconds(parsed.GetValue(timeout)) : null,
                cancellationToken)));
        return Examples.Add(command,
            ("cachepolicy rollout pause storefront -n web", "look at it for as long as you like"),
            ("cachepolicy rollout promote storefront -n web", "you have seen enough"),
            ("cachepolicy rollout abort storefront -n web", "what served before serves everywhere"),
            ("cachepolicy rollout undo storefront -n web",
                "the same, after its trial was over; `retry` tries it again"));
    }
}
