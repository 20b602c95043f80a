using CachePolicyOperator.Core.Vcl.Variables;
using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Reads what stands between operators: literals, names, calls, parentheses, and the properties and methods after them.
/// </summary>
internal sealed class OperandParser(TokenCursor cursor)
{
    /// <summary>Methods of methods nest in the tree as parentheses do.</summary>
    private const int MaxChain = 100;

    private readonly LiteralParser _literals = new(cursor);

    public Expression? Parse(Func<Expression?> parseExpression)
    {
        var first = cursor.Current;
        var operand = ParsePrimary(parseExpression);
        for (var length = 0; operand is not null && cursor.TryTake(Dot); length++)
        {
            if (length == MaxChain)
            {
                cursor.Error("vcl/too-deep", cursor.Current.Span, $"more than {MaxChain} methods in a row");
                return null;
            }

            operand = cursor.ExpectName("a property or method", out var name)
                ? ParseMember(first, operand, name, parseExpression)
                : null;
        }

        if (operand is StringLiteral && StringTokens.IsString(cursor.Current))
        {
            cursor.Error("vcl/adjacent-strings", cursor.Current.Span, "strings side by side are not joined",
                "write `+` between them");
            return null;
        }

        return operand;
    }

    private Expression? ParseMember(
        Token first, Expression receiver, Identifier name, Func<Expression?> parseExpression)
    {
        if (!cursor.Is(OpenParenthesis))
        {
            return new FieldAccess(cursor.From(first), receiver, name.Text);
        }

        return ParseArguments(parseExpression) is { } arguments
            ? new MethodCall(cursor.From(first), receiver, name.Text, arguments)
            : null;
    }

    private Expression? ParsePrimary(Func<Expression?> parseExpression)
    {
        switch (cursor.Current.Kind)
        {
            case TokenKind.Identifier:
                return ParseNamed(parseExpression);
            case OpenParenthesis:
                cursor.Next();
                return parseExpression() is { } inner && cursor.Expect(CloseParenthesis, "after the expression")
                    ? inner
                    : null;
            case Minus:
                var minus = cursor.Next();
                return cursor.Current.Kind is WholeNumber or RealNumber
                    ? ParseNegativeNumber(minus)
                    : ParseNegation(minus, parseExpression);
            case Not:
                cursor.Unexpected("expected a value", "`!` binds looser than a comparison: put it in parentheses");
                return null;
            default:
                return _literals.Parse(negative: false);
        }
    }

    private NegateExpression? ParseNegation(Token minus, Func<Expression?> parseExpression) =>
        parseExpression() is { } operand ? new NegateExpression(cursor.From(minus), operand) : null;

    private Literal? ParseNegativeNumber(Token minus) =>
        _literals.Parse(negative: true) is { } number ? number with { Span = cursor.From(minus) } : null;

    private Expression? ParseNamed(Func<Expression?> parseExpression)
    {
        var first = cursor.Current;
        if (!cursor.Peek().Kind.Equals(Dot) && (first.IsSymbol("true") || first.IsSymbol("false")))
        {
            cursor.Next();
            return new BooleanLiteral(first.Span, first.IsSymbol("true"));
        }

        return ReadVariable() is { } variable ? variable : ParseSymbol(first, parseExpression);
    }

    private Expression? ParseSymbol(Token first, Func<Expression?> parseExpression)
    {
        var name = string.Join('.', PeekParts());
        for (var parts = name.Count(c => c == '.'); parts >= 0; parts--)
        {
            cursor.Next();
            if (parts > 0)
            {
                cursor.Next();
            }
        }

        if (!cursor.Is(OpenParenthesis))
        {
            return new SymbolReference(cursor.From(first), name);
        }

        return ParseArguments(parseExpression) is { } arguments
            ? new FunctionCall(cursor.From(first), name, FoldPattern(name, arguments))
            : null;
    }

    // The pattern of `regsub` may be cut into literals as the one after `~` may.
    private static EquatableList<Argument> FoldPattern(string function, EquatableList<Argument> arguments) =>
        function.ToLowerInvariant() is "regsub" or "regsuball" && arguments.Count == 3 &&
        Literals.TryFold(arguments[1].Value) is { } pattern
            ? [arguments[0], arguments[1] with { Value = pattern }, arguments[2]]
            : arguments;

    /// <summary>
    /// Takes the longest variable that the next tokens name; null, and nothing taken, where they name something else.
    /// </summary>
    public Variable? ReadVariable()
    {
        var first = cursor.Current;
        if (ReadHeader(first) is { } header)
        {
            return header;
        }

        var parts = PeekParts();
        var count = VariableNames.ReadLength(parts, isCall: cursor.Peek((2 * parts.Count) - 1).Kind == OpenParenthesis);
        if (count == 0)
        {
            return null;
        }

        Skip((2 * count) - 1);
        return new Variable(cursor.From(first), string.Join('.', parts.Take(count)).ToLowerInvariant(), null);
    }

    private Variable? ReadHeader(Token first)
    {
        var name = cursor.Peek(4);
        if (cursor.Peek(1).Kind != Dot || cursor.Peek(3).Kind != Dot || cursor.Peek(2).Kind != TokenKind.Identifier ||
            !(name.Kind == TokenKind.Identifier || StringTokens.IsString(name)) ||
            !VariableNames.IsHeaderRoot(first.Text, cursor.Peek(2).Text))
        {
            return null;
        }

        Skip(5);
        var header = name.Kind == TokenKind.Identifier ? name.Text : StringTokens.ValueOf(name);
        return new Variable(cursor.From(first), $"{first.Text.ToLowerInvariant()}.http", header);
    }

    private void Skip(int count)
    {
        for (var i = 0; i < count; i++)
        {
            cursor.Next();
        }
    }

    private List<string> PeekParts()
    {
        var parts = new List<string> { cursor.Current.Text };
        for (var at = 1; cursor.Peek(at).Kind == Dot && cursor.Peek(at + 1).Kind == TokenKind.Identifier; at += 2)
        {
            parts.Add(cursor.Peek(at + 1).Text);
        }

        return parts;
    }

    private EquatableList<Argument>? ParseArguments(Func<Expression?> parseExpression)
    {
        cursor.Next();
        var arguments = new List<Argument>();
        while (!cursor.Is(CloseParenthesis))
        {
            var first = cursor.Current;
            string? name = null;
            if (cursor.Is(TokenKind.Identifier) && cursor.Peek().Kind == Assign)
            {
                name = cursor.Next().Text;
                cursor.Next();
            }

            if (parseExpression() is not { } value)
            {
                return null;
            }

            arguments.Add(new Argument(cursor.From(first), name, value));
            if (!cursor.TryTake(Comma))
            {
                break;
            }
        }

        return cursor.Expect(CloseParenthesis, "after the arguments") ? arguments.ToEquatableList() : null;
    }
}
