using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Policies;
using CachePolicyOperator.Core.Verification.Properties;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// The way from a policy set to a revision: checked, rendered and proven, or diagnosed. The same for every gate.
/// </summary>
public static class RevisionProver
{
    /// <summary>Codes of the properties that a proof of a policy stands for.</summary>
    public static EquatableList<string> PropertyCodes { get; } =
        ModelCheck.ProvenCodes.Items.Union(VclVerifier.PropertyCodes.Items).ToEquatableList();

    public static Proof Prove(PolicySet policies, RenderTarget target)
    {
        var verdict = ModelCheck.Run(policies);
        return verdict.Kind != VerdictKind.Proven ? new Proof(verdict, null)
            : EngineVersion.TryParse(target.EngineVersion, out var engine) && !EngineKnown.HasBeenTried(engine)
                ? new Proof(new Verdict(VerdictKind.Unknown, [UntriedEngine(engine)]), null)
            : policies.Policy.Vcl is { } vcl ? HandWrittenVcl.Prove(policies, vcl, target, verdict)
            : ProveRules(policies, target, verdict);
    }

    private static Proof ProveRules(PolicySet policies, RenderTarget target, Verdict verdict)
    {
        string text;
        try
        {
            text = VclRenderer.Render(policies, target);
        }
        catch (ArgumentException error)
        {
            return new Proof(Verdict.From(verdict.Diagnostics.Items.Append(Unrenderable(error))), null);
        }

        var ofText =
            ProveText(text, policies, target, verdict.Diagnostics.Items.Any(d => d.Code == RestNamed.CatchAll));
        if (ofText.Diagnostics.Items.Any(d => d.Severity == Severity.Error && !IsTolerated(d, policies.Policy)))
        {
            return new Proof(ofText with
            {
                Diagnostics = verdict.Diagnostics.Items
                    .Concat(ofText.Diagnostics.Items.Select(OfPolicy)).ToEquatableList(),
            }, null);
        }

        var open = ofText.Diagnostics.Items.DistinctBy(d => d.Code).Select(AsWarning);
        var codes = ofText.Kind == VerdictKind.Proven ? PropertyCodes : ModelCheck.ProvenCodes;
        return new Proof(
            verdict with { Diagnostics = verdict.Diagnostics.Items.Concat(open).ToEquatableList() },
            new ProvenRevision(text, Record(text, codes, policies, target)));
    }

    /// <summary>What the reader let through and the renderer cannot write is the user's mistake all the same.</summary>
    internal static Diagnostic Unrenderable(ArgumentException error) => Diagnostic.Error(
        "policy/unrenderable", "spec", $"the policy cannot be written as VCL: {error.Message}", "correct the value");

    /// <summary>The target names an engine that we cannot place.</summary>
    internal static Diagnostic UnreadableEngine(RenderTarget target) => Diagnostic.Error(
        "engine/unreadable", "spec", $"`{target.EngineVersion}` is no version of Varnish that a proof could be about",
        "run Varnish 7.1 or 7.7, or Vinyl Cache 9.0");

    /// <summary>
    /// What pods load must be proven for what they run; a VCL on the command line is only told of it.
    /// </summary>
    private static Diagnostic UntriedEngine(EngineVersion engine) => Diagnostic.Error(
        EngineKnown.Name, "spec",
            $"no proof has been tried against {engine.Name}, so none is given for pods that run it",
        "run Varnish 7.1 or 7.7, or Vinyl Cache 9.0");

    // Of a policy with many keys, or rules that overlap, the text may be more than a proof can follow: then the policy
    // is proven, the record does not name what only the text shows, and a warning says so. What an origin is asked for
    // instead of the client's path, only the text shows.
    private static bool IsTolerated(Diagnostic ofText, Policy policy) =>
        ofText.Code is VclVerifier.TooComplex && policy.Origins.Items.All(o => o.Rewrite is null);

    // The renderer is not trusted: what is proven is what the pods load, parsed back, as strictly as there is (DESIGN
    // §4).
    internal static Verdict ProveText(string text, PolicySet policies, RenderTarget target, bool namesTheRest)
    {
        if (!EngineVersion.TryParse(target.EngineVersion, out var engine))
        {
            return new Verdict(VerdictKind.Unknown, [UnreadableEngine(target)]);
        }

        var question = new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, engine, Strict: true)
        {
            NamesTheRest = namesTheRest,
        };
        return VclVerifier.Verify(VclParser.Parse("rendered.vcl", text), question);
    }

    private static Diagnostic AsWarning(Diagnostic ofText) => ofText.Code == VclVerifier.TooComplex
        ? Diagnostic.Warning(ofText.Code, "spec.rules",
            "the policy is proven; the VCL that it becomes has more ways through it than a proof of its text follows",
            "give more of the rules the same `cache.key`, or divide them among policies of their own hosts")
        : OfPolicy(ofText) with { Severity = Severity.Warning };

    private static Diagnostic OfPolicy(Diagnostic ofText) => ofText with
    {
        Path = "spec",
        Message = $"the VCL that this policy becomes is not proven: {ofText.Message} ({ofText.Path})",
    };

    internal static ProofRecord Record(string text, EquatableList<string> codes, PolicySet policies,
        RenderTarget target) => new(
        Digest.Of(text),
        target.EngineVersion,
        VerifierVersion.Current,
        codes,
        policies.Policy.Profiles);
}

/// <summary>A verdict, and the revision where it is <see cref="VerdictKind.Proven"/>.</summary>
public sealed record Proof(Verdict Verdict, ProvenRevision? Revision);
