using System.Globalization;
using System.Text;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>Refuses what no ConfigMap can keep, before it is in force and cannot be handed to any pod.</summary>
internal static class RecordSize
{
    /// <summary>What the API server takes as the data of one ConfigMap (MaxSecretSize in its validation).</summary>
    public const int Limit = 1_048_576;

    /// <summary>Null where everything that must be kept can be.</summary>
    public static Diagnostic? Objection(AdmittedPolicy admitted)
    {
        var proven = admitted.Proven;
        var text = RevisionPackage.Of(proven.Revision, proven.Set, proven.Target);
        var written = proven.Set.Policy.Vcl is null ? "rules" : "vcl";
        var inForce = InForce.Of(admitted);
        // Beside what is in force stands what is on trial.
        var (revision, record) = (
            RevisionArchive.SizeOf(text),
            RevisionArchive.SizeOf(inForce.Rollout.CanaryPods > 0 ? inForce with { Trial = Trial.Of(inForce) }
                : inForce));
        return revision > Limit
            ? Error($"the rendered revision has {Shown(revision)} bytes with its bypass and its proof "
                + $"({Shown(Encoding.UTF8.GetByteCount(text.Vcl))} of VCL)", written)
            : record > Limit
                ? Error($"what is in force has {Shown(record)} bytes, most of it personal routes", "personal.routes")
                : null;
    }

    private static Diagnostic Error(string what, string field) => Diagnostic.Error(
        "revision/too-large",
        $"spec.{field}",
        $"{what}, and a ConfigMap keeps {Shown(Limit)} at most",
        field == "vcl"
            ? "shorten the VCL, or divide it among several policies by host"
            : "say the same with fewer rules and routes: prefixes and templates instead of single paths, or several "
                + "policies by host");

    private static string Shown(int bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);
}
