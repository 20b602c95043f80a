using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Patterns that PCRE2 refuses in every version: varnishd compiles them when it loads the VCL.</summary>
internal sealed class RegexCheck : IProgramCheck
{
    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        foreach (var pattern in program.Subroutines.SelectMany(s => s.Statements).SelectMany(s => s.Expressions())
            .SelectMany(e => e.WithNested()).Select(PatternIn).OfType<StringLiteral>())
        {
            if (RefusalOf(pattern.Value) is { } refused)
            {
                diagnostics.Error("vcl/regex", pattern.Span,
                    $"PCRE2 refuses this pattern at byte {refused.Position + 1}: {refused.Message}", refused.Help);
            }
        }
    }

    private static Expression? PatternIn(Expression expression) => expression switch
    {
        MatchExpression match => match.Pattern,
        FunctionCall { Key: "regsub" or "regsuball", Arguments.Count: 3 } call => call.Arguments[1].Value,
        _ => null,
    };

    // Of a pattern with other bytes than ASCII nothing is claimed: its places are those of UTF-8.
    private static RegexSyntaxException? RefusalOf(string pattern)
    {
        try
        {
            if (Ascii.IsValid(pattern))
            {
                RegexParser.Parse(pattern);
            }
        }
        catch (RegexSyntaxException refused)
        {
            return refused.IsOfPcre2 ? refused : null;
        }
        catch (BudgetExceededException)
        {
            // PCRE2 may take what is too long for a proof.
        }

        return null;
    }
}
