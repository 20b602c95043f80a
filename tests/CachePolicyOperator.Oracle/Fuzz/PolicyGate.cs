using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Policies;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Oracle.Fuzz;

/// <summary>What a gate says of a policy: read, checked by its model, rendered, and proven from its text.</summary>
/// <param name="Policies">Null where it cannot be read.</param>
/// <param name="Text">What varnishd is to load; null where the policy is held.</param>
/// <param name="Kind">The verdict; null where it cannot be read.</param>
/// <param name="Told">Everything that is said to who wrote it.</param>
internal sealed record PolicyGate(PolicySet? Policies, string? Text, VerdictKind? Kind, IReadOnlyList<Diagnostic> Told)
{
    // Stands in the text for our origin, which is not there yet.
    private const int NoPort = 65_432;

    /// <summary>What is wrong with the policy; it is held where there is something.</summary>
    public IReadOnlyList<string> Errors =>
        [.. Told.Where(d => d.Severity == Severity.Error).Select(d => d.Code).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether the text, which is more than a proof follows, was taken on the word of the model.</summary>
    public bool IsTooComplex => Told.Any(d => d.Code == VclVerifier.TooComplex);

    /// <summary>Where the model is proven and the text leaks, or is no VCL: one of the two is wrong.</summary>
    public bool DisagreesWithItsText => Text is null && Kind is VerdictKind.Refuted or VerdictKind.Invalid
        && ModelCheck.Run(Policies!).Kind == VerdictKind.Proven;

    /// <summary>What the proof of the text was asked.</summary>
    public VclQuestion Question => new(PersonalLanguage.Of(Policies!), Policies!.Identity, Trials.Engine, Strict: true)
    {
        NamesTheRest = Told.Any(d => d.Code == RestNamed.CatchAll),
    };

    public static PolicyGate Of(string json)
    {
        var documents = YamlDocuments.Read(Encoding.UTF8.GetBytes(json), "policy.json");
        if (documents.Documents.Count == 0)
        {
            return new PolicyGate(null, null, null, [.. documents.Diagnostics]);
        }

        var read = PolicyReader.Read(documents.Documents[0], NoConfigMaps.Instance);
        if (read.Value is not { } policy)
        {
            return new PolicyGate(null, null, null, [.. read.Diagnostics]);
        }

        var policies = PolicySet.Bind(policy, []);
        var target = new RenderTarget("127.0.0.1", NoPort, Trials.Engine.ToString())
        {
            Origins = [.. policy.Origins.Items.Select(o => new NamedAddress(o.Name, "127.0.0.1", NoPort))],
        };
        var proof = RevisionProver.Prove(policies, target);
        return new PolicyGate(
            policies,
            proof.Revision?.Text.Replace($"\"{NoPort}\"", $"\"{Case.Port}\"", StringComparison.Ordinal),
            proof.Verdict.Kind,
            [.. read.Diagnostics, .. proof.Verdict.Diagnostics.Items]);
    }
}
