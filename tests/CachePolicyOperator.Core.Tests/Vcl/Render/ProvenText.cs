using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>The verdict on a text, as of a policy: strictly.</summary>
internal static class ProvenText
{
    public static void Check(string text, PolicySet policies, bool isProven = true)
    {
        var verdict = VclVerifier.Verify(
            VclParser.Parse("rendered.vcl", text),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.True((verdict.Kind == VerdictKind.Proven) == isProven,
            $"{verdict.Kind}\n{string.Join('\n', verdict.Diagnostics.Items)}");
    }
}
