using System.CommandLine;
using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Puts the agent beside the varnishd of a workload's manifest.</summary>
internal static class InjectCommand
{
    private const int LongestPolicy = 63;

    public static Command Create(Terminal terminal)
    {
        var files = CommonOptions.Files();
        var policy = new Option<string>("--policy")
        {
            Description = "Name of the policy whose cache this is.",
            HelpName = "NAME",
            Required = true,
        };
        policy.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { Length: > LongestPolicy })
            {
                result.AddError(
                    $"the keys of a policy whose name has more than {LongestPolicy} characters are hashes; see "
                        + "`kubectl get secret cachepolicy-agents`, and docs/adopt.md");
            }
        });
        var container = new Option<string?>("--container")
        {
            Description = "The container that runs varnishd. Default: the only one that does, by its command or image.",
            HelpName = "NAME",
        };
        var image = new Option<string>("--agent-image")
        {
            Description = "Image of the agent. Default: cachepolicy-agent:0.1.0.",
            DefaultValueFactory = _ => "cachepolicy-agent:0.1.0",
            HelpName = "IMAGE",
        };
        var command = new Command("inject", """
            Print a workload's manifest with the agent beside its varnishd: what docs/adopt.md says, written in.
            Deployments and StatefulSets are changed, other documents printed as they are; comments are lost. Twice is as once.
            The VCL that varnishd was started with is left out of its arguments: the operator brings the proven one. Pods that name
            no user run as 65532. Both are told on standard error.

            Exit code: 0 printed, 2 bad usage, unreadable input, or no varnishd that could be told.
            """) { files, policy, container, image };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(files), parsed.GetRequiredValue(policy), parsed.GetValue(container),
            parsed.GetRequiredValue(image), terminal));
        return Examples.Add(command,
            ("cachepolicy inject -f cache.yaml --policy storefront > with-agent.yaml && diff cache.yaml with-agent.yaml", "read what it changes"),
            ("kubectl get deployment cache -n web -o yaml | cachepolicy inject -f - --policy storefront | kubectl "
                + "apply -f -", "of what runs"));
    }

    private static int Run(string[] names, string policy, string? container, string image, Terminal terminal)
    {
        var problems = new List<Diagnostic>();
        var documents = new List<Document>();
        foreach (var file in InputFiles.Read(names, terminal, problems))
        {
            var read = YamlDocuments.Read(file.Bytes, file.Name);
            problems.AddRange(read.Diagnostics.Items);
            documents.AddRange(read.Documents.Items.SelectMany(KubernetesLists.Unfold));
        }

        var trees = new List<JsonNode>();
        var notes = new List<string>();
        var changed = false;
        foreach (var document in problems.Count == 0 ? documents : [])
        {
            var tree = DocumentJson.Of(document.Root)!;
            if (document.Kind is "Deployment" or "StatefulSet" && tree is JsonObject workload)
            {
                changed = true;
                var injection = new AgentInjection(policy, container, image);
                var wrong = injection.Change(workload);
                notes.AddRange(injection.Notes.Select(n => $"{document.Kind}/{document.Name}: {n}"));
                if (wrong is not null)
                {
                    problems.Add(Diagnostic.Error(
                        "inject/refused", $"{document.Kind}/{document.Name}", wrong.Message, wrong.Help));
                }
            }

            trees.Add(tree);
        }

        if (problems.Count == 0 && !changed)
        {
            problems.Add(Diagnostic.Error("inject/no-workload", string.Join(", ", names),
                "there is no Deployment and no StatefulSet among the documents",
                    "give the manifest of what runs varnishd"));
        }

        if (problems.Count > 0)
        {
            foreach (var problem in problems)
            {
                terminal.Error.WriteLine($"error: {SafeText.Of(problem.ToString())}");
            }

            return ExitCode.Unusable;
        }

        foreach (var note in notes)
        {
            terminal.Error.WriteLine($"note: {SafeText.Of(note)}");
        }

        terminal.Out.Write(string.Join("---\n", trees.Select(t => Yaml.Of(t.ToJsonString()))));
        return ExitCode.Success;
    }
}
