using System.CommandLine;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification.Proving;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Prints the VCL of a policy, which exists only where it is proven.</summary>
internal static class RenderCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = CommonOptions.Files();
        var space = CommonOptions.Namespace("Namespace of documents that name none.");
        var policy = PolicyChoice.Option();
        var origin = CommonOptions.Origin();
        var engine = CommonOptions.Engine();
        var command = new Command("render", """
            Print the VCL of a proven policy.
            A policy that is refuted or unknown has none: its diagnostics are on standard error.

            Exit code: 0 the VCL is printed, 1 the policy is refuted or unknown, 2 bad usage or unreadable input.
            """) { files, space, policy, origin, engine };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(files), parsed.GetValue(space), parsed.GetValue(policy),
            parsed.GetValue(origin) ?? [], CommonOptions.EngineOf(parsed.GetValue(engine), terminal), terminal));
        return Examples.Add(command,
            ("cachepolicy render -f policy.yaml", "read what would be loaded"),
            ("cachepolicy render -f policy.yaml --origin 127.0.0.1:8080 --engine 7.1 > try.vcl && varnishd -F -a :6081 "
                + "-f $PWD/try.vcl", "try it on your machine"));
    }

    private static int Run(
        string[] files, string? space, string? name, string[] origins, EngineVersion engine, Terminal terminal)
    {
        var inputs = InputSet.Read(files, space, terminal);
        if (PolicyChoice.Of(inputs, name, files, terminal, out var exitCode) is not { } policy)
        {
            return exitCode;
        }

        OriginAddress[] told = [.. origins.Select(OriginAddress.Parse).OfType<OriginAddress>()];
        var named = policy.Set.Policy.Origins.Items.Select(o => o.Name);
        if (told.Select(o => o.Origin).OfType<string>().Except(named).FirstOrDefault() is { } unknown)
        {
            terminal.Error.WriteLine($"{policy.Set.Policy.Name} has no origin `{unknown}` in `spec.origins`");
            return ExitCode.Unusable;
        }

        Proof proof;
        using (ProgressLine.Of($"proving {policy.Set.Policy.Name}", terminal))
        {
            proof = RevisionProver.Prove(policy.Set, policy.Target(told, engine));
        }

        var text = new DiagnosticText(terminal.Error, new Paint(colour: false), inputs);
        foreach (var diagnostic in proof.Verdict.Diagnostics.Items)
        {
            text.Write(Place.In(policy, diagnostic));
        }

        if (proof.Revision is null)
        {
            terminal.Error.WriteLine(
                $"{proof.Verdict.Kind.ToString().ToLowerInvariant()}: {policy.Set.Policy.Name} has no VCL");
            return ExitCode.Refused;
        }

        terminal.Out.Write(proof.Revision.Text);
        return ExitCode.Success;
    }
}
