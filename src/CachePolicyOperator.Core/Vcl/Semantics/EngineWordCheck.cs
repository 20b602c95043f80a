using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Words of a later engine than the one that is to load the VCL.</summary>
internal sealed class EngineWordCheck : IProgramCheck
{
    public void Run(VclProgram program, DiagnosticBag diagnostics)
    {
        var unused = program.File.Declarations.Items.OfType<UnusedDeclaration>().ToArray();
        foreach (var declared in unused.Where(_ => program.Engine < EngineVersion.Vinyl
            || program.Syntax < VclVersion.V41))
        {
            diagnostics.Error("vcl/syntax", declared.Span, "`unused` is a word of Vinyl Cache 9.0 and `vcl 4.1`",
                "take it out, or say `--engine 9.0` where Vinyl Cache runs");
        }

        foreach (var declared in unused.Where(d => program.FindSymbol(d.Name.Key) is null
            && program.FindSubroutine(d.Name.Key) is null))
        {
            diagnostics.Error("vcl/undefined", declared.Name.Span, $"there is no `{declared.Name}`");
        }

        foreach (var flag in program.File.Declarations.Items.OfType<AclDeclaration>().SelectMany(a => a.Flags.Items)
            .Where(f => f.Name.EndsWith(')') && program.Engine < EngineVersion.Vinyl))
        {
            diagnostics.Error("vcl/syntax", flag.Span, $"`{flag.Name}` is a flag of Vinyl Cache 9.0", "write `fold`");
        }
    }
}
