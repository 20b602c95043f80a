using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>
/// A subroutine with all its parts in the order in which they run; the part of the built-in VCL, where there is one, is the
/// last. A <c>return;</c> in any part leaves the whole subroutine.
/// </summary>
/// <param name="Method">Which of varnishd's own subroutines it is; <see cref="VclMethods.None"/> for all that are only called.</param>
public sealed record Subroutine(string Name, VclMethods Method, EquatableList<SubroutinePart> Parts)
{
    /// <summary>Whether the author of the VCL wrote any part.</summary>
    public bool IsTouched => Parts.Items.Any(p => !p.IsBuiltin);

    /// <summary>All statements, nested ones after the one that holds them.</summary>
    public IEnumerable<Statement> Statements => Parts.Items.SelectMany(p => p.Declaration.Body.WithNested());
}

/// <summary>One <c>sub x { … }</c> of several with the name.</summary>
public sealed record SubroutinePart(SubDeclaration Declaration, bool IsBuiltin);
