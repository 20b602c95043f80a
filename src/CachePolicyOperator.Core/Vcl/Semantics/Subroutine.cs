using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>
/// A subroutine with all its parts in the order in which they run; the part of the built-in VCL, where there is one, is
/// the last. A <c>return;</c> in any part leaves the whole subroutine. Compares by identity: a body may be large.
/// </summary>
public sealed class Subroutine(string name, VclMethods method, EquatableList<SubroutinePart> parts)
{
    /// <summary>In lower case.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// Which of varnishd's own subroutines it is; <see cref="VclMethods.None"/> for all that are only called.
    /// </summary>
    public VclMethods Method { get; } = method;

    public EquatableList<SubroutinePart> Parts { get; } = parts;

    /// <summary>Whether the built-in VCL has a part in it.</summary>
    public bool HasBuiltin => Parts[^1].IsBuiltin;

    /// <summary>Whether the author of the VCL wrote any part.</summary>
    public bool IsTouched => !Parts[0].IsBuiltin;

    /// <summary>All statements, nested ones after the one that holds them.</summary>
    public IEnumerable<Statement> Statements => Parts.Items.SelectMany(p => p.Declaration.Body.WithNested());

    public override string ToString() => Name;
}

/// <summary>One <c>sub x { … }</c> of several with the name.</summary>
public sealed record SubroutinePart(SubDeclaration Declaration, bool IsBuiltin);
