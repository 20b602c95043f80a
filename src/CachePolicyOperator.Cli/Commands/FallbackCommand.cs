using System.CommandLine;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Orders a fallback by hand.</summary>
internal static class FallbackCommand
{
    public static Command Create(Terminal terminal)
    {
        var cluster = new ClusterOptions(terminal);
        var name = cluster.NamedPolicy(new Argument<string>("name") { Description = "Name of the CachePolicy." });
        var level = new Option<string>("--level")
        {
            Description = "Bypassed: Varnish passes everything. NoCache: Varnish is taken out of the path.",
            DefaultValueFactory = _ => "NoCache",
            HelpName = "Bypassed|NoCache",
        };
        level.AcceptOnlyFromAmong("Bypassed", "NoCache");
        var reason = new Option<string>("--reason")
        {
            Description = "Why; it is written into the incident.",
            Required = true,
            HelpName = "TEXT",
        };
        reason.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())
                || result.GetValueOrDefault<string>()!.Length > 1024)
            {
                result.AddError("the reason has 1 to 1024 characters");
            }
        });
        var wait = CommonOptions.Wait("Wait until the operator has taken the order up.");
        var timeout = CommonOptions.Timeout(10);
        var breakGlass = new Option<bool>("--break-glass")
        {
            Description = "Do not wait for the operator: turn the entry Services to the origin's pods from here.",
        };
        var command = cluster.AddTo(new Command("fallback", $"""
            Take the cache out now, by hand.
            The operator bypasses every pod, switches the entrypoints, purges, and writes an incident. Where it does not take the order
            up, what does the same without it is printed.
            Without this tool: kubectl annotate cpol NAME {PolicyAnnotations.Fallback}=NoCache '{PolicyAnnotations.FallbackReason}=…'

            Exit code: 0 the operator has taken the order up (with --wait=false: ordered; with --break-glass: the entries are
            turned), 1 it is refused, 2 bad usage, 5 the operator did not answer in time.
            """) { name, level, reason, wait, timeout, breakGlass });
        command.Validators.Add(result =>
        {
            if (result.GetValue(breakGlass)
                && result.GetResult(level) is { Implicit: false }
                && result.GetValue(level) != "NoCache")
            {
                result.AddError("`--break-glass` takes Varnish out of the path; only the operator can bypass it");
            }
        });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, policies =>
        {
            var run = new FallbackRun(policies, parsed.GetRequiredValue(name), terminal);
            return parsed.GetValue(breakGlass)
                ? run.BreakGlassAsync(parsed.GetRequiredValue(reason), cancellationToken)
                : run.OrderAsync(
                    parsed.GetValue(level)!,
                    parsed.GetRequiredValue(reason),
                    parsed.GetValue(wait) ? TimeSpan.FromSeconds(parsed.GetValue(timeout)) : null,
                    cancellationToken);
        }));
        return Examples.Add(command,
            ("cachepolicy fallback storefront -n web --reason 'a customer saw another customer'",
                "take Varnish out of the path"),
            ("cachepolicy fallback storefront -n web --level Bypassed --reason 'wrong prices'",
                "keep it in the path, pass everything"),
            ("cachepolicy fallback storefront -n web --reason 'it leaks' --break-glass",
                "the operator is dead: turn the entries from here"));
    }
}
