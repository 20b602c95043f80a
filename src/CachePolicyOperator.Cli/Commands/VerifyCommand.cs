using System.CommandLine;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Proves the policies among some documents, or shows the request that would leak.</summary>
internal static class VerifyCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = CommonOptions.Files();
        var space = CommonOptions.Namespace("Namespace of documents that name none.");
        var format = CommonOptions.Format();
        var engine = CommonOptions.Engine();
        var command = new Command("verify", """
            Prove that no personal page can be stored in or answered from the cache, or show a request that would leak.

            Every CachePolicy among the documents is proven together with the PersonalRoutes that bind it. ConfigMaps that a
            policy refers to are taken from the documents; other objects are ignored. Needs no cluster.

            Exit code: 0 every policy is proven, 1 one is refuted or unknown, 2 bad usage or unreadable input.
            With several policies the verdict is the worst of theirs: Refuted, then Unknown, then Proven.
            """) { files, space, format, engine };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(files), parsed.GetValue(space), parsed.GetValue(format) == "json", parsed.GetValue(engine), terminal));
        return Examples.Add(command,
            ("cachepolicy verify -f policy.yaml", "one policy"),
            ("cachepolicy verify -f policy.yaml -f personal-routes.yaml", "with what the privacy team declares personal"),
            ("kubectl kustomize overlays/prod | cachepolicy verify -f - -o json", "in a pipeline"));
    }

    private static int Run(string[] files, string? space, bool json, string? engine, Terminal terminal)
    {
        var inputs = InputSet.Read(files, space, terminal);
        var proofs = inputs.Policies.Select(p => (Policy: p, Proof: RevisionProver.Prove(p.Set, p.Target(null, engine)))).ToList();
        var found = inputs.Problems
            .Concat(proofs.SelectMany(p => p.Proof.Verdict.Diagnostics.Items.Select(d => Place.In(p.Policy, d))))
            .ToList();
        var unreadable = inputs.Unreadable.ToList();
        if (!inputs.HasPolicy && unreadable.Count == 0 && inputs.Problems.Count == 0)
        {
            unreadable.Add(Diagnostic.Error("input/no-policy", string.Join(", ", files), "there is no CachePolicy among the documents",
                "give a file with `kind: CachePolicy`"));
        }

        var verdict = Worst(found, unreadable, proofs.Select(p => p.Proof.Verdict.Kind));
        if (json)
        {
            terminal.Out.WriteLine(VerdictJson.Write(verdict, unreadable.Concat(found)));
        }
        else
        {
            WriteText(inputs, unreadable, found, proofs, verdict, terminal);
        }

        return unreadable.Count > 0 ? ExitCode.Unusable : verdict == VerdictKind.Proven ? ExitCode.Success : ExitCode.Refused;
    }

    private static VerdictKind Worst(IEnumerable<Diagnostic> found, List<Diagnostic> unreadable, IEnumerable<VerdictKind> verdicts)
    {
        var kinds = verdicts.ToHashSet();
        return found.Any(d => d.Severity == Severity.Error) || kinds.Contains(VerdictKind.Refuted) ? VerdictKind.Refuted
            : unreadable.Count > 0 || kinds.Contains(VerdictKind.Unknown) ? VerdictKind.Unknown
            : VerdictKind.Proven;
    }

    private static void WriteText(
        InputSet inputs, List<Diagnostic> unreadable, List<Diagnostic> found, List<(InputPolicy Policy, Proof Proof)> proofs, VerdictKind verdict, Terminal terminal)
    {
        var paint = new Paint(terminal.Colour);
        unreadable.ForEach(new DiagnosticText(terminal.Error, paint, inputs).Write);
        found.ForEach(new DiagnosticText(terminal.Out, paint, inputs).Write);
        foreach (var (policy, proof) in proofs.Where(p => p.Proof.Revision is not null))
        {
            terminal.Out.WriteLine($"{paint.Good("proven")}: {policy.Set.Policy.Name} as {proof.Revision!.Digest}");
        }

        foreach (var (policy, proof) in proofs.Where(p => p.Proof.Verdict.Kind == VerdictKind.Unknown))
        {
            terminal.Out.WriteLine($"{paint.Warning("unknown")}: {policy.Set.Policy.Name}");
        }

        if (verdict != VerdictKind.Proven)
        {
            var errors = found.Concat(unreadable).Count(d => d.Severity == Severity.Error);
            var warnings = found.Count(d => d.Severity == Severity.Warning);
            terminal.Out.WriteLine($"{paint.Error(verdict.ToString().ToLowerInvariant())}: {Count(errors, "error")}, {Count(warnings, "warning")}");
        }
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
