using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Looks up names that are no variables.</summary>
internal sealed class SymbolTyper(VclProgram program, DiagnosticBag diagnostics)
{
    public VclType TypeOf(SymbolReference symbol, VclType wanted)
    {
        if (symbol.Key == "default")
        {
            return wanted is VclType.Backend or VclType.Probe or VclType.Unknown
                ? wanted
                : Unusable(symbol, "is a reserved word");
        }

        if (KindOf(wanted) is { } kind && program.FindSymbol(symbol.Key, kind) is not null)
        {
            return wanted;
        }

        if (program.FindSymbol(symbol.Key) is { } found)
        {
            return TypeOf(symbol, found);
        }

        if (program.FindSubroutine(symbol.Key) is not null)
        {
            return VclType.Sub; // a subroutine of the built-in VCL only
        }

        if (wanted == VclType.Unknown)
        {
            return VclType.Unknown; // perhaps a word that an unknown vmod takes
        }

        var names = program.Definitions.Items.Where(d => KindOf(wanted) is not { } k || d.Kind == k)
            .Select(d => d.Name.Text);
        diagnostics.Error("vcl/undefined", symbol.Span,
            KindOf(wanted) is null || symbol.Name.Contains('.')
                ? $"there is no `{symbol.Name}`"
                : $"there is no {KindOf(wanted).ToString()!.ToLowerInvariant()} `{symbol.Name}`",
            Suggestion.DidYouMean(symbol.Name, names) ?? (wanted == VclType.Text ? "write a string in quotes" : null));
        return VclType.Unknown;
    }

    /// <summary>
    /// The signature of what is called; null where nothing is known about it, which may be an error already reported.
    /// </summary>
    public VmodFunction? FindFunction(FunctionCall call)
    {
        var owner = call.Key.Split('.')[0];
        if (program.FindSymbol(owner, SymbolKind.Vmod) is { Definition: ImportDeclaration import })
        {
            return Known(call, import.Vmod.Text, import.Vmod.Key + call.Key[owner.Length..]);
        }

        if (program.FindSymbol(owner, SymbolKind.Instance) is { Definition: NewStatement made })
        {
            return FindFunction(made.Constructor) is { IsObject: true } type
                ? Known(call, type.Name.Split('.')[0], type.Name + call.Key[owner.Length..])
                : null;
        }

        if (call.Key.EndsWith(".resolve", StringComparison.Ordinal)
            && program.FindSymbol(owner, SymbolKind.Backend) is not null)
        {
            return null;
        }

        if (owner != "storage")
        {
            diagnostics.Error("vcl/undefined", call.Span, $"there is no `{call.Name}`",
                call.Name.Contains('.') ? $"is `import {call.Name.Split('.')[0]};` missing" : null);
        }

        return null;
    }

    private VmodFunction? Known(FunctionCall call, string vmod, string name)
    {
        if (VmodTable.Find(name, program.Engine) is { } function)
        {
            return function;
        }

        if (VmodTable.Knows(vmod))
        {
            diagnostics.Error("vcl/undefined", call.Span, $"there is no `{call.Name}`",
                Suggestion.DidYouMean(name, VmodTable.NamesOf(vmod, program.Engine)));
        }

        return null;
    }

    private VclType TypeOf(SymbolReference symbol, Symbol found) => found.Kind switch
    {
        SymbolKind.Acl => VclType.Acl,
        SymbolKind.Backend => VclType.Backend,
        SymbolKind.Probe => VclType.Probe,
        SymbolKind.Subroutine => VclType.Sub,
        SymbolKind.Instance => VclType.Instance,
        _ => Unusable(symbol, "is a vmod, not a value"),
    };

    private VclType Unusable(SymbolReference symbol, string why)
    {
        diagnostics.Error("vcl/type", symbol.Span, $"`{symbol.Name}` {why}");
        return VclType.Unknown;
    }

    private static SymbolKind? KindOf(VclType type) => type switch
    {
        VclType.Acl => SymbolKind.Acl,
        VclType.Backend => SymbolKind.Backend,
        VclType.Probe => SymbolKind.Probe,
        VclType.Sub => SymbolKind.Subroutine,
        _ => null,
    };
}
