namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>A part of the tree of a VCL, with the place where it was written.</summary>
public abstract record SyntaxNode(SourceSpan Span);

/// <summary>A name that a user gave or used; VCL compares names without case.</summary>
public sealed record Identifier(SourceSpan Span, string Text) : SyntaxNode(Span)
{
    /// <summary>The name in the form under which names are looked up.</summary>
    public string Key { get; } = Text.ToLowerInvariant();

    public bool Is(string name) => Text.Equals(name, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Text;
}
