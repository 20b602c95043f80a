using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// A VCL with everything it includes: declarations in the order in which varnishd reads them, included files spliced in
/// where they are included.
/// </summary>
/// <param name="Version">The version of the top file; null where it says none (then there is an error too).</param>
/// <param name="Sources">Every file that took part with its tokens, the top one first.</param>
public sealed record VclFile(
    VclVersion? Version, EquatableList<Declaration> Declarations, EquatableList<TokenizedSource> Sources)
{
    public SourceFile Source => Sources[0].File;
}

/// <summary>
/// A tree and all that is wrong with it. With an error, the tree has gaps and nothing may be concluded from it.
/// </summary>
public sealed record VclParse(VclFile File, EquatableList<VclDiagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Items.Any(d => d.Severity == Severity.Error);
}
