using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>
/// Names that are defined twice, that varnishd keeps for itself, and defaults that are missing or too many.
/// </summary>
internal sealed class NameCheck : IProgramCheck
{
    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        CheckSubroutines(program, diagnostics);
        CheckSymbols(program, diagnostics);
        CheckBackends(program, diagnostics);
    }

    private static void CheckSubroutines(VclProgram program, DiagnosticBag diagnostics)
    {
        foreach (var sub in program.Subroutines.Where(s => !s.HasBuiltin))
        {
            if (sub.Name.StartsWith("vcl_", StringComparison.Ordinal))
            {
                var name = sub.Parts[0].Declaration.Name;
                diagnostics.Error("vcl/reserved-name", name.Span, $"{program.Engine.Name} has no subroutine `{name}`",
                    Suggestion.DidYouMean(name.Text, program.Subroutines.Where(s => s.HasBuiltin).Select(s => s.Name))
                    ?? "names that begin with `vcl_` are its own: choose another");
            }

            foreach (var again in sub.Parts.Items.Skip(1))
            {
                diagnostics.Error("vcl/redefined", again.Declaration.Name.Span,
                    $"the subroutine `{again.Declaration.Name}` is already defined at "
                        + $"{sub.Parts[0].Declaration.Name.Span}",
                    "only subroutines that varnishd itself calls may have several parts");
            }
        }
    }

    private static void CheckSymbols(VclProgram program, DiagnosticBag diagnostics)
    {
        var seen = new Dictionary<string, Symbol>();
        foreach (var symbol in program.Definitions)
        {
            if (symbol.Kind != SymbolKind.Subroutine && symbol.Name.Key.StartsWith("vcl_", StringComparison.Ordinal) &&
                program.Syntax >= VclVersion.V41)
            {
                diagnostics.Error("vcl/reserved-name", symbol.Name.Span, $"`{symbol.Name}` is a name of varnishd's own",
                    "choose one that does not begin with `vcl_`");
            }

            if (seen.TryGetValue(symbol.Name.Key, out var first) && AreInConflict(first, symbol, program.Syntax))
            {
                diagnostics.Error("vcl/redefined", symbol.Name.Span,
                    $"`{symbol.Name}` is already defined at {first.Name.Span}", "choose another name");
            }

            seen.TryAdd(symbol.Name.Key, symbol);
        }
    }

    private static bool AreInConflict(Symbol first, Symbol second, VclVersion syntax) =>
        (first.Kind, second.Kind) switch
        {
            // Parts of one subroutine have a check of their own; a vmod may be imported twice, and `default` is no
            // name.
            (SymbolKind.Subroutine, SymbolKind.Subroutine) or (SymbolKind.Vmod, SymbolKind.Vmod) => false,
            (SymbolKind.Subroutine, _) or (_, SymbolKind.Subroutine) => syntax >= VclVersion.V41,
            _ => !second.Name.Is("default"),
        };

    private static void CheckBackends(VclProgram program, DiagnosticBag diagnostics)
    {
        var backends = program.File.Declarations.Items.OfType<BackendDeclaration>().ToArray();
        if (backends.Length == 0)
        {
            diagnostics.Error("vcl/no-backend", new SourceSpan(program.File.Source, 0, 0), "the VCL has no backend",
                "write `backend default none;` if directors or routes elsewhere give one");
        }

        foreach (var again in backends.Where(b => b.Name.Is("default")).Skip(1))
        {
            diagnostics.Error("vcl/redefined", again.Name.Span, "only one backend can be the default");
        }
    }
}
