using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Properties;
using CachePolicyOperator.Core.Verification.State;

namespace CachePolicyOperator.Core.Verification.Confirming;

/// <summary>
/// Finds the place in a VCL that lets a finding through. What the built-in VCL stores or looks up, it does because the
/// author's part of the subroutine came to its end: that end is the place then, or what the author returned before.
/// </summary>
internal sealed class FaultLocalizer(VclProgram program)
{
    private readonly HashSet<SourceFile> _builtin =
        [.. program.Subroutines.SelectMany(s => s.Parts.Items).Where(p => p.IsBuiltin)
            .Select(p => p.Declaration.Span.File)];

    /// <summary>
    /// The place, and the name of the subroutine whose built-in part goes on there; the name is null where the place is
    /// a statement.
    /// </summary>
    public (SourceSpan Place, string? GoesOn) Of(Finding finding)
    {
        if (!_builtin.Contains(finding.Place.File) || SubroutineOf(finding.Place) is not { } where)
        {
            return (finding.Place, null);
        }

        (SourceSpan, string?)? returned = LastReturn(finding.State) is { } statement ? (statement, null) : null;
        var isDecidedHere = where.Name == "vcl_recv" || finding.Code.StartsWith("response/", StringComparison.Ordinal);
        return (isDecidedHere ? EndOf(where) ?? returned : returned ?? EndOf(program.FindSubroutine("vcl_recv"))
            ?? EndOf(where)) ?? (finding.Place, null);
    }

    private Subroutine? SubroutineOf(SourceSpan place) => program.Subroutines.FirstOrDefault(s => s.Parts.Items.Any(
        p => p.Declaration.Span is var whole && whole.File == place.File && whole.Start <= place.Start
            && place.End <= whole.End));

    private SourceSpan? LastReturn(SymbolicState state)
    {
        for (var step = state.LastStep; step is not null; step = step.Before)
        {
            if (step.Kind == StepKind.Done && step.Place.File is { } file && !_builtin.Contains(file)
                && step.Place.Text.StartsWith("return", StringComparison.OrdinalIgnoreCase))
            {
                return step.Place;
            }
        }

        return null;
    }

    // The closing brace of the author's last part.
    private static (SourceSpan, string?)? EndOf(Subroutine? subroutine) =>
        subroutine?.Parts.Items.LastOrDefault(p => !p.IsBuiltin)?.Declaration.Body.Span is { } body
            ? (body with { Start = body.End - 1 }, subroutine.Name) : null;
}
