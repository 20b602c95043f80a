using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Proving;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Proves every policy among some documents.</summary>
internal static class PolicyVerification
{
    public static VerifyReport Run(string[] files, string? space, EngineVersion engine, Terminal terminal)
    {
        var inputs = InputSet.Read(files, space, terminal);
        var proofs = inputs.Policies.Select(p => (Policy: p, Proof: Prove(p, engine, terminal))).ToList();
        var found = inputs.Problems
            .Concat(proofs.SelectMany(p => p.Proof.Verdict.Diagnostics.Items.Select(d => Place.In(p.Policy, d))))
            .ToList();
        var unreadable = inputs.Unreadable.ToList();
        if (!inputs.HasPolicy && unreadable.Count == 0 && inputs.Problems.Count == 0)
        {
            unreadable.Add(Diagnostic.Error("input/no-policy", string.Join(", ", files),
                "there is no CachePolicy among the documents",
                "give a file with `kind: CachePolicy`, or a VCL with `--vcl`"));
        }

        return new VerifyReport(
            string.Join(", ", files),
            Worst(found, unreadable, proofs.Select(p => p.Proof.Verdict.Kind)),
            unreadable,
            found,
            RevisionProver.PropertyCodes.Items,
            null,
            inputs,
            [.. Conclude(proofs)]);
    }

    private static Proof Prove(InputPolicy policy, EngineVersion engine, Terminal terminal)
    {
        using var progress = ProgressLine.Of($"proving {policy.Set.Policy.Name}", terminal);
        return RevisionProver.Prove(policy.Set, policy.Target([], engine));
    }

    private static VerdictKind Worst(
        IEnumerable<Diagnostic> found, List<Diagnostic> unreadable, IEnumerable<VerdictKind> verdicts)
    {
        var kinds = verdicts.ToHashSet();
        return found.Any(d => d.Severity == Severity.Error) || kinds.Contains(VerdictKind.Refuted) ? VerdictKind.Refuted
            : unreadable.Count > 0 || kinds.Contains(VerdictKind.Unknown) ? VerdictKind.Unknown
            : VerdictKind.Proven;
    }

    private static IEnumerable<Conclusion> Conclude(List<(InputPolicy Policy, Proof Proof)> proofs)
    {
        foreach (var (policy, proof) in proofs.Where(p => p.Proof.Revision is not null))
        {
            yield return new Conclusion(VerdictKind.Proven, policy.Set.Policy.Name.ToString(), proof.Revision!.Digest);
        }

        foreach (var (policy, _) in proofs.Where(p => p.Proof.Verdict.Kind == VerdictKind.Unknown))
        {
            yield return new Conclusion(VerdictKind.Unknown, policy.Set.Policy.Name.ToString(), null);
        }
    }
}
