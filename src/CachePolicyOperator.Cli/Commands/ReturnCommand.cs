using System.CommandLine;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Lets the cache return with a named revision.</summary>
internal static class ReturnCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Name of the CachePolicy." };
        var revision = new Option<string>("--revision") { Description = "Digest of the proven revision, as `cachepolicy status NAME` shows it.", Required = true, HelpName = "DIGEST" };
        revision.Validators.Add(result =>
        {
            if (!ReviewReader.IsDigest(result.GetValueOrDefault<string>() ?? ""))
            {
                result.AddError($"`{result.GetValueOrDefault<string>()}` is no digest; write `sha256:` and 64 hexadecimal digits");
            }
        });
        var cluster = new ClusterOptions(terminal);
        var command = cluster.AddTo(new Command("return", $"""
            Let the cache return after an incident, with a proven revision other than the one that leaked.
            Without this tool: kubectl annotate cpol NAME {PolicyAnnotations.Return}=DIGEST {PolicyAnnotations.Fallback}-
            """) { name, revision });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, async policies =>
        {
            var policy = parsed.GetRequiredValue(name);
            await policies.AnnotateAsync(policy, new Dictionary<string, string?>
            {
                [PolicyAnnotations.Return] = parsed.GetRequiredValue(revision),
                [PolicyAnnotations.Fallback] = null,
                [PolicyAnnotations.FallbackReason] = null,
            }, cancellationToken);
            await terminal.Out.WriteLineAsync($"{policies.Namespace}/{policy}: the return with {parsed.GetRequiredValue(revision)} is ordered; `cachepolicy status {policy} -n {policies.Namespace}` shows it");
            return ExitCode.Success;
        }));
        return Examples.Add(command, ("cachepolicy return storefront -n web --revision sha256:4f1a…", "after the repaired policy is proven"));
    }
}
