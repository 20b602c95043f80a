using System.CommandLine;
using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Cluster;
using CachePolicyOperator.Cli.Doctor;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Looks for what is broken, and says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var cluster = new ClusterOptions(terminal);
        var format = CommonOptions.Format();
        var system = new Option<string?>("--operator-namespace")
        {
            Description = "Namespace of the operator. Default: where its webhooks lead, or cachepolicy-system.",
            HelpName = "NAMESPACE",
        };
        var command = cluster.AddToList(new Command("doctor", """
            Look for what is broken in a cluster, and say what to do.
            It looks at the API server and its clock, the kinds, what you may do, the webhook (with a policy on trial that must be refused; nothing
            is stored), the operator's pods and leader, certificates, and what policies and agents say. What you may not look at is a note.

            Exit code: 0 no problem was found, 1 there is one, 2 bad usage.
            """) { format, system });
        command.SetAction((parsed, cancellationToken) => cluster.RunAsync(parsed, async policies =>
        {
            var examination = new Examination(policies, parsed.GetValue(system), VersionCommand.Number, terminal.Time);
            IReadOnlyList<Finding> found;
            using (ProgressLine.Of("looking", terminal))
            {
                found = await examination.RunAsync(cancellationToken);
            }

            TreeFormat.Show(terminal, parsed.GetValue(format), () => Json(found), () => Write(found, terminal));
            return found.Any(f => f.Health == Health.Problem) ? ExitCode.Refused : ExitCode.Success;
        }));
        return Examples.Add(command,
            ("cachepolicy doctor -n web", "why does my policy not work?"),
            ("cachepolicy doctor -A -o json", "all of the cluster, for a report"));
    }

    private static void Write(IReadOnlyList<Finding> found, Terminal terminal)
    {
        var paint = new Paint(terminal.Colour);
        foreach (var finding in found)
        {
            var word = finding.Health switch
            {
                Health.Problem => paint.Error("problem"),
                Health.Note => paint.Warning("note   "),
                _ => paint.Good("well   "),
            };
            terminal.Out.WriteLine($"{word}  {finding.Area.PadRight(12)}  {SafeText.Of(finding.Message)}");
            if (finding.Remedy is not null)
            {
                terminal.Out.WriteLine($"{new string(' ', 23)}{paint.Faint("help:")} {SafeText.Of(finding.Remedy)}");
            }
        }

        var (problems, notes) =
            (found.Count(f => f.Health == Health.Problem), found.Count(f => f.Health == Health.Note));
        terminal.Out.WriteLine(
            problems == 0 ? $"{paint.Good("no problem")} found, {notes} to be known"
                : $"{paint.Error("not well")}: {problems} to be mended, {notes} to be known");
    }

    private static string Json(IReadOnlyList<Finding> found) => new JsonObject
    {
        ["problems"] = found.Count(f => f.Health == Health.Problem),
        ["findings"] = VerdictJson.List(found.Select(f => new JsonObject
        {
            ["health"] = f.Health.ToString(),
            ["area"] = f.Area,
            ["message"] = f.Message,
            ["remedy"] = f.Remedy,
        })),
    }.ToJsonString(VerdictJson.Options);
}
