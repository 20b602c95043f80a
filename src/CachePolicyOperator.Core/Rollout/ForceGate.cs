using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>The answer of the gate between proven and in force.</summary>
/// <param name="Admitted">Null where something objects.</param>
/// <param name="Objection">The first thing that does; null where nothing does.</param>
public sealed record ForceAnswer(AdmittedPolicy? Admitted, Diagnostic? Objection);

/// <summary>
/// Decides whether what is proven comes into force. What objects is asked in order, and the first that does decides;
/// what is in force then stays.
/// </summary>
public static class ForceGate
{
    /// <param name="found">Everything that was found of the policy, on the way to its proof and beside it.</param>
    public static ForceAnswer Decide(ProvenPolicy proven, EquatableList<Diagnostic> found)
    {
        ArgumentNullException.ThrowIfNull(proven);
        return Error(found) is { } objection
            ? new ForceAnswer(null, objection)
            : new ForceAnswer(new AdmittedPolicy(proven), null);
    }

    // A text may be proven and its policy be wrong all the same: personal routes that nobody can read are in no proof.
    private static Diagnostic? Error(EquatableList<Diagnostic> found) =>
        found.Items.FirstOrDefault(d => d.Severity == Severity.Error);
}
