using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>What a name of the VCL's author stands for.</summary>
public enum SymbolKind
{
    Acl,
    Backend,
    Probe,
    Subroutine,
    Instance,
    Vmod,
}

/// <summary>A name that the VCL defines.</summary>
/// <param name="Definition">The declaration, or the <see cref="NewStatement"/> of an object.</param>
public sealed record Symbol(Identifier Name, SymbolKind Kind, SyntaxNode Definition);
