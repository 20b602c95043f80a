namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Something that stands in the body of a subroutine.</summary>
public abstract record Statement(SourceSpan Span) : SyntaxNode(Span);

public sealed record Block(SourceSpan Span, EquatableList<Statement> Statements) : Statement(Span);

/// <summary>
/// An <c>if</c> with all its <c>else if</c> in order: the first branch whose condition holds is taken.
/// </summary>
public sealed record IfStatement(SourceSpan Span, EquatableList<IfBranch> Branches, Block? Else) : Statement(Span);

public sealed record IfBranch(SourceSpan Span, Expression Condition, Block Body) : SyntaxNode(Span);

public sealed record SetStatement(
    SourceSpan Span, Variable Target, AssignmentOperator Operator, Expression Value) : Statement(Span);

public sealed record UnsetStatement(SourceSpan Span, Variable Target) : Statement(Span);

/// <summary><c>call x;</c> The target is a <see cref="SymbolReference"/>, or an expression of type SUB.</summary>
public sealed record CallStatement(SourceSpan Span, Expression Target) : Statement(Span);

/// <summary>
/// <c>return (synth(404, "no"));</c> A plain <c>return;</c> has no action and leaves only the subroutine it stands in.
/// </summary>
public sealed record ReturnStatement(
    SourceSpan Span, Identifier? Action, EquatableList<Expression> Arguments) : Statement(Span);

public sealed record HashDataStatement(SourceSpan Span, Expression Value) : Statement(Span);

public sealed record SyntheticStatement(SourceSpan Span, Expression Value) : Statement(Span);

public sealed record BanStatement(SourceSpan Span, Expression Value) : Statement(Span);

/// <summary><c>new pool = directors.round_robin();</c></summary>
public sealed record NewStatement(SourceSpan Span, Identifier Name, FunctionCall Constructor) : Statement(Span);

/// <summary>A call of a vmod's function or of an object's method for its effect.</summary>
public sealed record ExpressionStatement(SourceSpan Span, Expression Call) : Statement(Span);

/// <summary>Embedded C. Whatever it does is unknown.</summary>
public sealed record InlineCStatement(SourceSpan Span, string Code) : Statement(Span);

/// <summary>How <c>set</c> joins the old value and the new.</summary>
public enum AssignmentOperator
{
    Assign,
    Add,
    Subtract,
    Multiply,
    Divide,
}
