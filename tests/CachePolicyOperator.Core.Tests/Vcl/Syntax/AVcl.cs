using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Syntax;

/// <summary>Short ways to read VCL in tests.</summary>
internal static class AVcl
{
    public static VclParse Parse(string text, params (string Name, string Text)[] files) => VclParser.Parse(
        SourceFile.FromText("default.vcl", text), new VclFiles(files.Select(f => SourceFile.FromText(f.Name, f.Text))));

    /// <summary>The statements of a body, which must be right.</summary>
    public static EquatableList<Statement> Body(string statements)
    {
        var parse = Parse($"vcl 4.1; sub vcl_recv {{ {statements} }}");
        Assert.Empty(parse.Diagnostics);
        return parse.File.Declarations.Items.OfType<SubDeclaration>().Single().Body.Statements;
    }

    /// <summary>The tree of a condition, which must be right.</summary>
    public static Expression Condition(string condition) =>
        ((IfStatement)Body($"if ({condition}) {{ }}")[0]).Branches[0].Condition;

    /// <summary>Codes of the errors in a body, in order.</summary>
    public static IEnumerable<string> ErrorsIn(string statements) =>
        Parse($"vcl 4.1; sub vcl_recv {{ {statements} }}").Diagnostics.Items.Select(d => d.Code);

    /// <summary>All errors of a VCL, of reading and of checking.</summary>
    public static IReadOnlyList<VclDiagnostic> Errors(string text, string engine = "7.1")
    {
        Assert.True(EngineVersion.TryParse(engine, out var version));
        var parse = Parse(text);
        var all = parse.HasErrors ? parse.Diagnostics : VclJoiner.Join(parse.File, version).Diagnostics;
        return [.. all.Items.Where(d => d.Severity == Severity.Error)];
    }
}
