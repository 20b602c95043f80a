using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Bench.Vcl;

/// <summary>Reads a VCL and verifies it, as the command line tool does with a bare file.</summary>
internal static class VclPart
{
    public static Func<string> Of(string text)
    {
        var personal =
            PersonalLanguage.Of([new PathPrefix("/mypage"), new PathTemplate("/users/{id}/orders")], ["php"]);
        var question = new VclQuestion(personal, new IdentityCarriers(["session"], ["x-api-key"], []),
            EngineVersion.Default, Strict: false);
        return () => Describe(VclVerifier.Verify(VclParser.Parse("default.vcl", text), question));
    }

    private static string Describe(Verdict verdict)
    {
        var codes = verdict.Diagnostics.Items.GroupBy(d => d.Code).Select(g => $"{g.Key} ×{g.Count()}")
            .Order(StringComparer.Ordinal).Take(4);
        return string.Join(", ", codes.Prepend(verdict.Kind.ToString()));
    }
}
