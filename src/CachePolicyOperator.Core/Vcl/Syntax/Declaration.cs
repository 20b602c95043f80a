namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Something that stands at the top level of a VCL.</summary>
public abstract record Declaration(SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>vcl 4.1;</c></summary>
public sealed record VersionDeclaration(SourceSpan Span, VclVersion Version) : Declaration(Span);

/// <summary>
/// <c>import std;</c>, <c>import std as s from "path";</c> <paramref name="Name"/> is how the VCL calls the vmod.
/// </summary>
public sealed record ImportDeclaration(
    SourceSpan Span, Identifier Vmod, Identifier Name, string? From) : Declaration(Span);

/// <summary>A list of addresses; the most specific entry decides.</summary>
public sealed record AclDeclaration(
    SourceSpan Span, Identifier Name, EquatableList<AclFlag> Flags,
        EquatableList<AclEntry> Entries) : Declaration(Span);

/// <summary><c>unused x;</c> since Vinyl Cache 9.0: nothing uses it, and that is meant so.</summary>
public sealed record UnusedDeclaration(SourceSpan Span, Identifier Name) : Declaration(Span);

/// <summary><c>+log</c>, <c>-pedantic</c>, since Vinyl Cache 9.0 <c>+fold(-report)</c></summary>
public sealed record AclFlag(SourceSpan Span, bool On, string Name) : SyntaxNode(Span);

/// <summary>
/// <c>! "192.0.2.0"/24;</c> <paramref name="Optional"/> says that it stands in parentheses: ignored where it does not
/// resolve.
/// </summary>
public sealed record AclEntry(SourceSpan Span, bool Negated, bool Optional, string Host, int? Mask) : SyntaxNode(Span);

/// <summary>A backend; <paramref name="None"/> says <c>backend x none;</c>.</summary>
public sealed record BackendDeclaration(
    SourceSpan Span, Identifier Name, bool None, EquatableList<BackendProperty> Properties) : Declaration(Span);

public sealed record ProbeDeclaration(
    SourceSpan Span, Identifier Name, EquatableList<BackendProperty> Properties) : Declaration(Span);

/// <summary>
/// <c>.host = "192.0.2.1";</c>: one value, or several strings for <c>.request</c>; <paramref name="Nested"/> holds an
/// inline <c>.probe = { … }</c> and is null otherwise.
/// </summary>
public sealed record BackendProperty(
    SourceSpan Span, string Name, EquatableList<Expression> Values,
        EquatableList<BackendProperty>? Nested) : SyntaxNode(Span);

/// <summary>
/// A subroutine; several of one name run one after the other where the name is one that varnishd calls.
/// </summary>
public sealed record SubDeclaration(SourceSpan Span, Identifier Name, Block Body) : Declaration(Span);

/// <summary>Embedded C at the top level. Whatever it does is unknown.</summary>
public sealed record InlineCDeclaration(SourceSpan Span, string Code) : Declaration(Span);
