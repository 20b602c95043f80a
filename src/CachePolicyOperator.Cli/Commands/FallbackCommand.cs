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
        var name = ClusterOptions.Named(new Argument<string>("name") { Description = "Name of the CachePolicy." });
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
        var cluster = new ClusterOptions(terminal);
        var command = cluster.AddTo(new Command("fallback", $"""
            Take the cache out now, by hand.
            The operator bypasses every pod, switches the entrypoints, purges, and writes an incident.
            Without this tool: kubectl annotate cpol NAME {PolicyAnnotations.Fallback}=NoCache '{PolicyAnnotations.FallbackReason}=…'
            """) { name, level, reason });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, async policies =>
        {
            var policy = parsed.GetRequiredValue(name);
            await policies.AnnotateAsync(policy, new Dictionary<string, string?>
            {
                [PolicyAnnotations.Fallback] = parsed.GetValue(level),
                [PolicyAnnotations.FallbackReason] = parsed.GetValue(reason),
                [PolicyAnnotations.Return] = null,
            }, cancellationToken);
            await terminal.Out.WriteLineAsync($"{policies.Namespace}/{policy}: fallback to {parsed.GetValue(level)} is ordered; `cachepolicy status {policy} -n {policies.Namespace}` shows it");
            return ExitCode.Success;
        }));
        return Examples.Add(command,
            ("cachepolicy fallback storefront -n web --reason 'a customer saw another customer'",
                "take Varnish out of the path"),
            ("cachepolicy fallback storefront -n web --level Bypassed --reason 'wrong prices'", "keep it in the path, pass everything"));
    }
}
