using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Reads expressions. From loose to tight: <c>||</c>, <c>&amp;&amp;</c>, <c>!</c>, one comparison, <c>+ -</c>, <c>* /
/// %</c>, then properties and methods. A null answer means that the trouble has been reported.
/// </summary>
internal sealed class ExpressionParser(TokenCursor cursor)
{
    private readonly OperandParser _operands = new(cursor);

    public Expression? Parse()
    {
        if (!cursor.TryDescend())
        {
            return null;
        }

        var expression = ParseOr();
        cursor.Ascend();
        return expression;
    }

    private Expression? ParseOr()
    {
        var first = cursor.Current;
        return ParseList(TokenKind.Or, ParseAnd) switch
        {
            null => null,
            [var single] => single,
            var operands => new OrExpression(cursor.From(first), operands.ToEquatableList()),
        };
    }

    private Expression? ParseAnd()
    {
        var first = cursor.Current;
        return ParseList(And, ParseNot) switch
        {
            null => null,
            [var single] => single,
            var operands => new AndExpression(cursor.From(first), operands.ToEquatableList()),
        };
    }

    private List<Expression>? ParseList(TokenKind separator, Func<Expression?> parseOperand)
    {
        var operands = new List<Expression>();
        do
        {
            if (parseOperand() is not { } operand)
            {
                return null;
            }

            operands.Add(operand);
        }
        while (cursor.TryTake(separator));

        return operands;
    }

    private Expression? ParseNot()
    {
        var first = cursor.Current;
        if (!cursor.TryTake(Not))
        {
            return ParseComparison();
        }

        if (cursor.Is(Not))
        {
            cursor.Error(
                "vcl/double-not", cursor.Current.Span, "`!` cannot be doubled", "write `!(!x)`, or nothing at all");
            return null;
        }

        return ParseComparison() is { } operand ? new NotExpression(cursor.From(first), operand) : null;
    }

    private Expression? ParseComparison()
    {
        var first = cursor.Current;
        if (ParseSum() is not { } left)
        {
            return null;
        }

        var compared = cursor.Current.Kind switch
        {
            TokenKind.Match or NotMatch => ParseMatch(first, left),
            Equal => ParseCompare(first, left, ComparisonOperator.Equal),
            NotEqual => ParseCompare(first, left, ComparisonOperator.NotEqual),
            Less => ParseCompare(first, left, ComparisonOperator.Less),
            LessOrEqual => ParseCompare(first, left, ComparisonOperator.LessOrEqual),
            Greater => ParseCompare(first, left, ComparisonOperator.Greater),
            GreaterOrEqual => ParseCompare(first, left, ComparisonOperator.GreaterOrEqual),
            _ => left,
        };

        if (compared is not null && IsComparison(cursor.Current.Kind))
        {
            cursor.Error("vcl/chained-comparison", cursor.Current.Span, "comparisons cannot be chained",
                "put one of them in parentheses");
            return null;
        }

        return compared;
    }

    private static bool IsComparison(TokenKind kind) =>
        kind is TokenKind.Match or NotMatch or Equal or NotEqual or Less or LessOrEqual or Greater or GreaterOrEqual;

    private ComparisonExpression? ParseCompare(Token first, Expression left, ComparisonOperator comparison)
    {
        cursor.Next();
        return ParseSum() is { } right ? new ComparisonExpression(cursor.From(first), left, comparison, right) : null;
    }

    private Expression? ParseMatch(Token first, Expression left)
    {
        var negated = cursor.Next().Kind == NotMatch;
        return ParseOperand() switch
        {
            null => null,
            StringLiteral literal => ParseFoldedPattern(literal) is { } pattern
                ? new MatchExpression(cursor.From(first), left, pattern, negated)
                : null,
            SymbolReference acl => new AclMatchExpression(cursor.From(first), left, acl, negated),
            var pattern => new MatchExpression(cursor.From(first), left, pattern, negated),
        };
    }

    /// <summary>A pattern may be cut into literals joined by <c>+</c>; nothing but literals may be joined.</summary>
    private StringLiteral? ParseFoldedPattern(StringLiteral pattern)
    {
        var parts = new List<StringLiteral> { pattern };
        while (cursor.TryTake(Plus))
        {
            if (!StringTokens.IsString(cursor.Current))
            {
                cursor.Unexpected("expected a string", "a regular expression is made of literals only");
                return null;
            }

            parts.Add(StringTokens.LiteralOf(cursor.Next()));
        }

        return Literals.Fold(parts);
    }

    private Expression? ParseSum()
    {
        var first = cursor.Current;
        if (ParseProduct() is not { } start)
        {
            return null;
        }

        var rest = new List<SumTerm>();
        while (cursor.Current.Kind is Plus or Minus)
        {
            var subtracted = cursor.Next().Kind == Minus;
            if (ParseProduct() is not { } operand)
            {
                return null;
            }

            rest.Add(new SumTerm(subtracted, operand));
        }

        return rest.Count == 0 ? start : new SumExpression(cursor.From(first), start, rest.ToEquatableList());
    }

    private Expression? ParseProduct()
    {
        var first = cursor.Current;
        if (ParseOperand() is not { } start)
        {
            return null;
        }

        var rest = new List<ProductFactor>();
        while (cursor.Current.Kind is Star or Slash or Percent)
        {
            var kind = cursor.Next().Kind;
            if (ParseOperand() is not { } operand)
            {
                return null;
            }

            rest.Add(new ProductFactor(
                kind == Star ? ProductOperator.Multiply : kind == Slash ? ProductOperator.Divide
                    : ProductOperator.Modulo,
                operand));
        }

        return rest.Count == 0 ? start : new ProductExpression(cursor.From(first), start, rest.ToEquatableList());
    }

    private Expression? ParseOperand() => _operands.Parse(Parse);
}
