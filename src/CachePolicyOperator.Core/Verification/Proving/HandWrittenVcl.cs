using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// Hand-written VCL becomes a revision like any other where its text is proven for the engine that runs; else it is
/// refused with the request that would leak and the line that lets it, or with the line that was not understood. What
/// only weakens it warns, as <c>cachepolicy verify --vcl</c> does.
/// </summary>
internal static class HandWrittenVcl
{
    /// <param name="ofModel">The verdict on what the policy says besides its VCL.</param>
    public static Proof Prove(PolicySet policies, VclSource vcl, RenderTarget target, Verdict ofModel)
    {
        if (!EngineVersion.TryParse(target.EngineVersion, out var engine))
        {
            return new Proof(new Verdict(VerdictKind.Unknown, [RevisionProver.UnreadableEngine(target)]), null);
        }

        var written = HandWrittenText.Of(policies, vcl, target);
        var question = new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, engine, Strict: false)
        {
            CountsAnonymous = true,
        };
        var ofText = VclVerifier.Verify(written.Parse, question);
        var verdict = ofText with
        {
            Diagnostics = ofModel.Diagnostics.Items.Concat(ofText.Diagnostics.Items)
                .Concat(Unnamed(policies.Policy.Origin, written)).ToEquatableList(),
        };
        if (verdict.Kind != VerdictKind.Proven)
        {
            return new Proof(verdict, null);
        }

        // What was proven is the tree of the files; the pods load one text.
        if (CanonicalPrinter.Print(written.Parse.File).Text
            != CanonicalPrinter.Print(VclParser.Parse(written.Parse.File.Source.Name, written.Text).File).Text)
        {
            throw new InvalidOperationException($"{vcl.Key} reads differently in one piece");
        }

        var held = VclVerifier.PropertyCodes.Items.Except(ofText.Diagnostics.Items.Select(d => d.Code));
        var record = RevisionProver.Record(written.Text, held.ToEquatableList(), policies, target);
        return new Proof(verdict, new ProvenRevision(written.Text, record));
    }

    public static Explanation Explain(PolicySet policies, VclSource vcl, RenderTarget target, Request request)
    {
        if (!EngineVersion.TryParse(target.EngineVersion, out var engine))
        {
            return new Explanation([], [RevisionProver.UnreadableEngine(target)]);
        }

        var written = HandWrittenText.Of(policies, vcl, target);
        var told = VclExplainer.Explain(written.Parse, request, engine);
        return new Explanation(
            told.Decisions.Items.Where(d => !d.IsFragment).Select(d => Tell(d, written)).Distinct().ToEquatableList(),
            told.Problems);
    }

    private static PolicyDecision Tell(VclDecision told, HandWrittenText written)
    {
        var marks = written.Parse.File.Source.Name;
        var way = told.Way.Items.Where(s => s.Place.File != marks).Select(s => $"{s.Place}: {s.Text}");
        string[] lookup = told.Action != "lookup" ? []
            : told.MayBeStored ? ["an answer may be stored, and served to whoever has the same key"]
            : ["no answer to it is stored"];
        string[] doubt = told.Doubt is { } why ? [$"not all of it could be followed exactly: {why}"] : [];
        return new PolicyDecision(
            told.Action, told.Restarts, null, null, told.Key, way.Concat(lookup).Concat(doubt).ToEquatableList());
    }

    // A fallback leads to the origin of the policy. A VCL that goes elsewhere, or resolves the name by itself once when
    // it is loaded, is the team's to know of.
    private static IEnumerable<Diagnostic> Unnamed(Origin origin, HandWrittenText written) =>
        written.NamesOrigin || written.Text.Length == 0
            ? []
            :
            [
                Diagnostic.Warning(
                    "vcl/origin-unnamed", "spec.vcl",
                    $"no backend has the Service `{origin.Service}` as its host, and that is where requests go past "
                        + "the cache",
                    $"write `.host = \"{origin.Service}\";` in a backend: the operator puts the address of the Service "
                        + "there, and another one when the Service is made anew"),
            ];
}
