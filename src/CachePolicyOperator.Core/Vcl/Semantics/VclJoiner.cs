using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Joins a VCL with the built-in one and checks the whole as varnishd does when it loads it.</summary>
public static class VclJoiner
{
    private static readonly IProgramCheck[] Checks =
    [
        new NameCheck(),
        new PropertyCheck(),
        new AclCheck(),
        new EngineWordCheck(),
        new UsageCheck(),
        new TypeCheck(),
        new RegexCheck(),
        new ReturnCheck(),
    ];

    /// <param name="allowsUnused">As varnishd with `-p vcc_feature=-err_unref`: what nothing uses is only warned
    /// of.</param>
    public static VclJoin Join(VclFile file, EngineVersion engine, bool allowsUnused = false)
    {
        var program = new VclProgram(file, engine);
        var diagnostics = new DiagnosticBag();
        foreach (var check in Checks.Append(new ReferenceCheck(allowsUnused)))
        {
            check.Run(program, diagnostics);
        }

        return new VclJoin(program, diagnostics.ToList());
    }
}

/// <summary>A program and what varnishd would refuse in it. With an error it would not run at all.</summary>
public sealed record VclJoin(VclProgram Program, EquatableList<VclDiagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Items.Any(d => d.Severity == Severity.Error);
}
