using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// One variable by two names: since Vinyl Cache 9.0 <c>req.ttl</c> is <c>req.max_age</c>. What is written under the one
/// is read under the other, and the proof tells variables apart by their names.
/// </summary>
internal static class TwoNames
{
    private const string Old = "req.ttl";
    private const string New = "req.max_age";

    /// <summary>Where a VCL that uses both uses the new one, with what is wrong there.</summary>
    public static IEnumerable<(SourceSpan Place, string Reason)> Uses(VclProgram program)
    {
        var named = program.Subroutines.SelectMany(s => s.Statements)
            .SelectMany(s => s.WithNested()).SelectMany(s => s.Expressions()).SelectMany(e => e.WithNested())
            .OfType<Variable>().Where(v => v.Name is Old or New).ToLookup(v => v.Name);
        return named[Old].Any()
            ? named[New].Take(1).Select(v => (v.Span, $"`{New}` is `{Old}`, and both names are used")) : [];
    }
}
