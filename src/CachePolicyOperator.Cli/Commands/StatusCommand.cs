using System.CommandLine;
using System.Text.Json;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Shows what the cluster says of its policies.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ClusterOptions.Named(new Argument<string?>("name")
        {
            Description = "Name of a CachePolicy; all of the namespace unless given.",
            Arity = ArgumentArity.ZeroOrOne,
        });
        var format = CommonOptions.Format();
        var cluster = new ClusterOptions(terminal);
        var command = cluster.AddToList(new Command("status",
            "Show how much is cached, with which revision, and what is wrong.") { name, format });
        cluster.RefuseEverywhereWith(command, name);
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, async policies =>
        {
            var json = parsed.GetValue(format) == "json";
            if (parsed.GetValue(name) is { } one)
            {
                var policy = await policies.PolicyAsync(one, cancellationToken);
                Show(terminal, json ? JsonSerializer.Serialize(policy, ClusterJson.Default.CachePolicy) : null, () => One(policy, terminal));
            }
            else
            {
                var all = await policies.PoliciesAsync(cancellationToken);
                Show(terminal, json ? JsonSerializer.Serialize(all, ClusterJson.Default.CachePolicyArray) : null, () => All(all, policies, terminal));
            }

            return ExitCode.Success;
        }));
        return Examples.Add(command,
            ("cachepolicy status -n web", "all policies of a namespace"),
            ("cachepolicy status -A", "all policies of all namespaces"),
            ("cachepolicy status storefront -n web", "one, with its conditions and diagnostics"));
    }

    public static void Show(Terminal terminal, string? json, Action text)
    {
        if (json is null)
        {
            text();
        }
        else
        {
            terminal.Out.WriteLine(json);
        }
    }

    private static void All(CachePolicy[] policies, PolicyCluster cluster, Terminal terminal)
    {
        if (policies.Length == 0)
        {
            terminal.Out.WriteLine($"There is no CachePolicy in {cluster.Where}.");
            return;
        }

        Table.Write(terminal.Out, new Paint(terminal.Colour),
            [.. Namespace("NAMESPACE"), "NAME", "LEVEL", "WANTED", "PROVEN", "PROGRAMMED", "FALLBACK READY", "INCIDENT",
                "REVISION"],
            policies.Select(p => (string?[])
            [
                .. Namespace(p.Metadata.NamespaceProperty), p.Metadata.Name, p.Status?.Level, p.Status?.LevelWanted,
                Condition(p, PolicyConditions.Proven), Condition(p, PolicyConditions.Programmed),
                Condition(p, PolicyConditions.FallbackReady), p.Status?.Incident, Short(p.Status?.Revision?.Active),
            ]));

        string[] Namespace(string text) => cluster.Everywhere ? [text] : [];
    }

    private static void One(CachePolicy policy, Terminal terminal)
    {
        var (output, paint, status) = (terminal.Out, new Paint(terminal.Colour),
            policy.Status ?? new CachePolicyStatus());
        output.WriteLine($"{paint.Strong($"{policy.Metadata.NamespaceProperty}/{policy.Metadata.Name}")} is {paint.Strong(status.Level ?? "not looked at yet")}");
        if (status.LevelWanted is { } wanted && wanted != status.Level)
        {
            output.WriteLine($"  {paint.Error($"{wanted} is wanted")}");
        }

        if (status.ObservedGeneration is { } observed && observed < policy.Metadata.Generation)
        {
            output.WriteLine($"  the spec is of generation {policy.Metadata.Generation}, this status of {observed}");
        }

        output.WriteLine($"  active    {status.Revision?.Active ?? "-"}");
        output.WriteLine($"  proven    {status.Revision?.Proven ?? "-"}");
        output.WriteLine($"  previous  {status.Revision?.Previous ?? "-"}");
        if (status.Rollout is { } rollout)
        {
            output.WriteLine($"  rollout   {rollout.Phase ?? "-"}, {rollout.Pods?.OnRevision ?? 0} of {rollout.Pods?.Total ?? 0} pods");
        }

        if (status.Fallback is { } fallback)
        {
            output.WriteLine($"  fallback  {fallback.Level} since {fallback.Since} by {fallback.OrderedBy}: {SafeText.Of(fallback.Reason ?? "")}");
        }

        if (status.Incident is { } incident)
        {
            output.WriteLine($"  incident  {paint.Error(incident)}; `cachepolicy incident show {incident} -n {policy.Metadata.NamespaceProperty}` tells of it");
        }

        if (status.Conditions is { Count: > 0 } conditions)
        {
            output.WriteLine();
            Table.Write(output, paint, ["CONDITION", "STATUS", "REASON", "MESSAGE"],
                conditions.Select(c => new[] { c.Type, c.Status, c.Reason, c.Message }));
        }

        foreach (var diagnostic in status.Diagnostics ?? [])
        {
            output.WriteLine();
            output.WriteLine($"{paint.Error($"{diagnostic.Severity?.ToLowerInvariant()}[{diagnostic.Code}]")}: {SafeText.Of(diagnostic.Message ?? "")}");
            output.WriteLine($"  --> {SafeText.Of(diagnostic.Path ?? "")}");
            if (diagnostic.Witness is { } witness)
            {
                output.WriteLine($"  = request: {SafeText.Of($"{witness.Method} {witness.Target}")}");
            }

            if (diagnostic.Help is not null)
            {
                output.WriteLine($"  = help: {SafeText.Of(diagnostic.Help)}");
            }
        }
    }

    private static string? Condition(CachePolicy policy, string type) =>
        policy.Status?.Conditions?.FirstOrDefault(c => c.Type == type)?.Status;

    /// <summary>Enough of a digest to tell revisions apart; what is none as it is.</summary>
    private static string? Short(string? text) => Digest.Read(text)?.Abbreviated ?? text;
}
