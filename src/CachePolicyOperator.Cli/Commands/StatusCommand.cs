using System.CommandLine;
using System.Text.Json;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Shows what the cluster says of its policies.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var cluster = new ClusterOptions(terminal);
        var names = cluster.NamedPolicy(new Argument<string[]>("name")
        {
            Description = "Names of CachePolicies; all of the namespace unless given.",
            Arity = ArgumentArity.ZeroOrMore,
        });
        var format = CommonOptions.Format(StatusText.TableFormat);
        var watch = new Option<bool>("--watch", "-w") { Description = "Look every two seconds, until Ctrl-C." };
        var command = cluster.AddToList(new Command("status", """
            Show how much is cached, with which revision, and what is wrong.
            A tree for each policy: the level that is seen (and the one that is wanted, where it is another), the conditions that are not
            well, each cache pod with what it serves, each entry with where its selector leads, open incidents. `-o table` is a line each.

            Exit code: 0 it is shown, 1 the cluster refused or does not answer, 2 bad usage, 130 the watch was stopped.
            """) { names, format, watch });
        cluster.RefuseEverywhereWith(command, names);
        command.Validators.Add(result =>
        {
            if (result.GetValue(watch) && TreeFormat.IsAsked(result.GetValue(format)))
            {
                result.AddError("`--watch` is for people; without it `-o json` and `-o yaml` tell what is now");
            }
        });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, async policies =>
        {
            var (asked, given) = (parsed.GetValue(format), parsed.GetValue(names) ?? []);
            if (parsed.GetValue(watch))
            {
                return await new StatusWatch(policies, given, asked, terminal).RunAsync(cancellationToken);
            }

            if (TreeFormat.IsAsked(asked))
            {
                TreeFormat.Write(await JsonAsync(policies, given, cancellationToken), asked, terminal.Out);
            }
            else
            {
                StatusText.Write(await PolicyView.GatherAsync(policies, given, cancellationToken), policies, asked,
                    terminal);
            }

            return ExitCode.Success;
        }));
        return Examples.Add(command,
            ("cachepolicy status -n web", "all policies of a namespace"),
            ("cachepolicy status -A -o table", "all policies of all namespaces, a line each"),
            ("cachepolicy status storefront -n web --watch", "one, while it changes"));
    }

    /// <summary>One name is that object; several, or none, are a list.</summary>
    private static async Task<string> JsonAsync(
        PolicyCluster cluster, string[] names, CancellationToken cancellationToken)
    {
        if (names is [var one])
        {
            return JsonSerializer.Serialize(await cluster.PolicyAsync(one, cancellationToken),
                ClusterJson.Default.CachePolicy);
        }

        var all = names.Length == 0
            ? await cluster.PoliciesAsync(cancellationToken)
            : await Task.WhenAll(names.Select(n => cluster.PolicyAsync(n, cancellationToken)));
        return JsonSerializer.Serialize(all, ClusterJson.Default.CachePolicyArray);
    }
}
