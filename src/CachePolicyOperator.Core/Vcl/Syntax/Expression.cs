namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Something with a value. Parentheses are not kept: the shape of the tree says what they said.</summary>
public abstract record Expression(SourceSpan Span) : SyntaxNode(Span);

/// <summary>Two or more operands joined by <c>||</c>, evaluated from the left until one holds.</summary>
public sealed record OrExpression(SourceSpan Span, EquatableList<Expression> Operands) : Expression(Span);

/// <summary>
/// Two or more operands joined by <c>&amp;&amp;</c>, evaluated from the left until one does not hold.
/// </summary>
public sealed record AndExpression(SourceSpan Span, EquatableList<Expression> Operands) : Expression(Span);

/// <summary><c>!</c> binds looser than a comparison: <c>!a ~ "b"</c> is <c>!(a ~ "b")</c>.</summary>
public sealed record NotExpression(SourceSpan Span, Expression Operand) : Expression(Span);

public sealed record ComparisonExpression(
    SourceSpan Span, Expression Left, ComparisonOperator Operator, Expression Right) : Expression(Span);

/// <summary>
/// <c>a ~ "regex"</c> or <c>a !~ "regex"</c>. The pattern is a <see cref="StringLiteral"/>, or an expression of type
/// REGEX or ACL that only a vmod can give.
/// </summary>
public sealed record MatchExpression(
    SourceSpan Span, Expression Left, Expression Pattern, bool Negated) : Expression(Span)
{
    /// <summary>The text of the regular expression; null where it is not a literal.</summary>
    public string? Regex => (Pattern as StringLiteral)?.Value;
}

/// <summary><c>client.ip ~ trusted</c></summary>
public sealed record AclMatchExpression(
    SourceSpan Span, Expression Left, SymbolReference Acl, bool Negated) : Expression(Span);

/// <summary>
/// Two or more terms joined by <c>+</c> (numbers, times, or concatenation of strings) and <c>-</c>, from the left.
/// </summary>
public sealed record SumExpression(SourceSpan Span, Expression First, EquatableList<SumTerm> Rest) : Expression(Span);

public sealed record SumTerm(bool Subtracted, Expression Operand);

/// <summary>Two or more factors joined by <c>*</c>, <c>/</c> and <c>%</c>, from the left.</summary>
public sealed record ProductExpression(
    SourceSpan Span, Expression First, EquatableList<ProductFactor> Rest) : Expression(Span);

public sealed record ProductFactor(ProductOperator Operator, Expression Operand);

/// <summary>
/// A minus before something that is not a number; it takes in all that follows: <c>-a + b</c> is <c>-(a + b)</c>.
/// </summary>
public sealed record NegateExpression(SourceSpan Span, Expression Operand) : Expression(Span);

/// <summary>A name with dots that is no variable: a backend, acl, sub, object, or a value that a vmod names.</summary>
public sealed record SymbolReference(SourceSpan Span, string Name) : Expression(Span)
{
    public string Key { get; } = Name.ToLowerInvariant();
}

/// <summary>
/// <c>std.tolower(req.url)</c>, <c>regsub(…)</c>, <c>pool.backend()</c>: a dotted name that is called.
/// </summary>
public sealed record FunctionCall(SourceSpan Span, string Name, EquatableList<Argument> Arguments) : Expression(Span)
{
    public string Key { get; } = Name.ToLowerInvariant();
}

/// <summary>An argument; named where <c>name = value</c> was written.</summary>
public sealed record Argument(SourceSpan Span, string? Name, Expression Value) : SyntaxNode(Span);

/// <summary>A method of a value: <c>req.http.host.lower()</c>.</summary>
public sealed record MethodCall(
    SourceSpan Span, Expression Receiver, string Method, EquatableList<Argument> Arguments) : Expression(Span);

/// <summary>A property of a value: <c>storage.main.free_space</c>.</summary>
public sealed record FieldAccess(SourceSpan Span, Expression Receiver, string Field) : Expression(Span);

public enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

public enum ProductOperator
{
    Multiply,
    Divide,
    Modulo,
}
