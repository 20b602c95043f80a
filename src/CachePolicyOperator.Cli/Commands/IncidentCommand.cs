using System.CommandLine;
using System.Text.Json;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Shows incidents: what happened, whose pages were stored, who was served them.</summary>
internal static class IncidentCommand
{
    public static Command Create(Terminal terminal) =>
        new("incident", "Show incidents.") { List(terminal), ShowOne(terminal) };

    private static Command List(Terminal terminal)
    {
        var format = CommonOptions.Format();
        var cluster = new ClusterOptions(terminal);
        var command = cluster.AddToList(new Command("list",
            "List the incidents of a namespace, or of all, newest first.") { format });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, async policies =>
        {
            var incidents = await policies.IncidentsAsync(cancellationToken);
            TreeFormat.Show(terminal, parsed.GetValue(format),
                () => JsonSerializer.Serialize(incidents, ClusterJson.Default.CacheIncidentArray),
                () =>
            {
                if (incidents.Length == 0)
                {
                    terminal.Out.WriteLine($"There is no incident in {policies.Where}.");
                    return;
                }

                Table.Write(terminal.Out, new Paint(terminal.Colour),
                    [.. Namespace("NAMESPACE"), "NAME", "POLICY", "PHASE", "LEVEL", "TRIGGER", "BEGAN", "OBJECTS",
                        "REQUESTS", "IDENTITIES"],
                    incidents.Select(i => (string?[])
                    [
                        .. Namespace(i.Metadata.NamespaceProperty), i.Metadata.Name, i.Spec.Policy, i.Status?.Phase,
                            i.Status?.Level ?? i.Spec.Level, i.Spec.Trigger?.Kind, i.Spec.Trigger?.Time,
                        i.Status?.Totals?.Objects?.ToString(),
                        i.Status?.Totals?.Requests?.ToString(), i.Status?.Totals?.Identities?.ToString(),
                    ]));
            });
            return ExitCode.Success;

            string[] Namespace(string text) => policies.Everywhere ? [text] : [];
        }));
        return Examples.Add(command, ("cachepolicy incident list -n web", "what happened here"));
    }

    private static Command ShowOne(Terminal terminal)
    {
        var cluster = new ClusterOptions(terminal);
        var name = cluster.NamedIncident(new Argument<string>("name") { Description = "Name of the CacheIncident." });
        var format = CommonOptions.Format();
        var command = cluster.AddTo(new Command("show",
            "Tell one incident: timeline, and who saw whose page (as keyed hashes).") { name, format });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, async policies =>
        {
            var incident = await policies.IncidentAsync(parsed.GetRequiredValue(name), cancellationToken);
            TreeFormat.Show(terminal, parsed.GetValue(format),
                () => JsonSerializer.Serialize(incident, ClusterJson.Default.CacheIncident),
                () => IncidentText.Write(incident, terminal));
            return ExitCode.Success;
        }));
        return Examples.Add(command,
            ("cachepolicy incident show storefront-20180501-1 -n web", "for a person"),
            ("cachepolicy incident show storefront-20180501-1 -n web -o json > incident.json", "for the report"));
    }
}
