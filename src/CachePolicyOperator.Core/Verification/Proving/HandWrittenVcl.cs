using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Policies;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>
/// Hand-written VCL is proven by its text, or refused with the request that would leak and the line that lets it. It is
/// not programmed into pods yet: what is proven is told so, and stays open.
/// </summary>
internal sealed class HandWrittenVcl : IPolicyProperty
{
    public string Code => "vcl/unproven";

    public IEnumerable<Diagnostic> Check(ModelFacts facts)
    {
        if (facts.Policies.Policy.Vcl is not { } vcl)
        {
            return [];
        }

        var policies = facts.Policies;
        var question =
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, EngineVersion.Default, Strict: false)
            {
                CountsAnonymous = true,
            };
        var verdict = VclVerifier.VerifySafety(VclParser.Parse($"{vcl.ConfigMap}/{vcl.Key}", vcl.Text), question);
        return verdict.Kind == VerdictKind.Proven
            ? verdict.Diagnostics.Items.Append(Diagnostic.Error(Code, "spec.vcl",
                "the VCL is proven, but this version does not program hand-written VCL into pods",
                "write the policy as `rules`; `cachepolicy verify --vcl` proves the VCL that you load yourself"))
            : verdict.Diagnostics;
    }
}
