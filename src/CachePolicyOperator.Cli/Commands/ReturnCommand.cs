using System.CommandLine;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Lets the cache return with a named revision, and tells what the operator answered.</summary>
internal static class ReturnCommand
{
    public static Command Create(Terminal terminal)
    {
        var cluster = new ClusterOptions(terminal);
        var name = cluster.NamedPolicy(new Argument<string>("name") { Description = "Name of the CachePolicy." });
        var revision = new Option<string>("--revision")
        {
            Description = "Digest of the proven revision, as `cachepolicy status NAME` shows it; its first "
                + $"{DigestPrefix.Shortest} digits will do.",
            Required = true,
            HelpName = "DIGEST",
        };
        revision.Validators.Add(result =>
        {
            if (DigestPrefix.Read(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError(
                    $"`{result.GetValueOrDefault<string>()}` is no digest; write {DigestPrefix.Shortest} to "
                        + $"{Digest.Length} hexadecimal digits, with or without `{Digest.Prefix}`");
            }
        });
        var wait = CommonOptions.Wait("Wait for the operator's answer.");
        var timeout = CommonOptions.Timeout(60);
        var command = cluster.AddTo(new Command("return", $"""
            Let the cache return after an incident, with a proven revision other than the one that leaked.
            Without this tool: kubectl annotate cpol NAME {PolicyAnnotations.Return}=DIGEST {PolicyAnnotations.Fallback}-

            Exit code: 0 the return is granted (with --wait=false: ordered), 1 it is refused, 2 bad usage, 5 no answer came in time: it
            stays ordered.
            """) { name, revision, wait, timeout });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, policies =>
            new ReturnOrder(policies, parsed.GetRequiredValue(name), terminal).RunAsync(
                parsed.GetRequiredValue(revision),
                parsed.GetValue(wait) ? TimeSpan.FromSeconds(parsed.GetValue(timeout)) : null,
                cancellationToken)));
        return Examples.Add(command,
            ("cachepolicy return storefront -n web --revision sha256:4f1a…", "after the repaired policy is proven"),
            ("cachepolicy return storefront -n web --revision 4f1a0c33d2e9 --timeout 300",
                "the first digits will do; be patient"));
    }
}
