using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>
/// Definitions that nothing uses. By default varnishd refuses them: they are often names misspelt where they are used.
/// </summary>
internal sealed class ReferenceCheck(bool allowsUnused) : IProgramCheck
{
    private const string Code = "vcl/unused";

    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        var used = UsedNames(program);
        var firstBackend = program.File.Declarations.Items.OfType<BackendDeclaration>().FirstOrDefault();
        var hasDefault = program.File.Declarations.Items.OfType<BackendDeclaration>().Any(b => b.Name.Is("default"));
        foreach (var symbol in program.Definitions)
        {
            var exempt = symbol.Kind switch
            {
                SymbolKind.Vmod or SymbolKind.Instance => true,
                SymbolKind.Subroutine => symbol.Name.Key.StartsWith("vcl_", StringComparison.Ordinal),
                SymbolKind.Backend =>
                    symbol.Name.Is("default") || (!hasDefault && ReferenceEquals(symbol.Definition, firstBackend)),
                SymbolKind.Probe => symbol.Name.Is("default"),
                _ => false,
            };
            if (!exempt && !used.Contains(symbol.Name.Key))
            {
                var message = $"nothing uses the {Describe(symbol.Kind)} `{symbol.Name}`";
                if (allowsUnused)
                {
                    diagnostics.Warning(Code, symbol.Name.Span, message, "remove it, or use it");
                }
                else
                {
                    diagnostics.Error(Code, symbol.Name.Span, message,
                        "remove it, or use it; `--allow-unused` where varnishd runs with `-p vcc_feature=-err_unref`");
                }
            }
        }
    }

    private static HashSet<string> UsedNames(VclProgram program)
    {
        var inBodies =
            from sub in program.Subroutines
            from statement in sub.Statements
            from expression in statement.Expressions()
            from part in expression.WithNested()
            from name in NamesIn(part)
            select name;
        var inProperties =
            from declaration in program.File.Declarations
            where declaration is BackendDeclaration
            from property in ((BackendDeclaration)declaration).Properties
            from value in property.Values
            from name in NamesIn(value)
            select name;
        var meant = program.File.Declarations.Items.OfType<UnusedDeclaration>().Select(d => d.Name.Key);
        return [.. inBodies, .. inProperties, .. meant];
    }

    // A method of a backend, `x.resolve()`, reads as a function of that name.
    private static IEnumerable<string> NamesIn(Expression expression) => expression switch
    {
        SymbolReference symbol => [symbol.Key],
        FunctionCall call => [call.Key.Split('.')[0]],
        _ => [],
    };

    private static string Describe(SymbolKind kind) => kind.ToString().ToLowerInvariant();
}
