namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Joins string literals where varnishd joins them before it looks at the result.</summary>
internal static class Literals
{
    /// <summary>One literal of several.</summary>
    public static StringLiteral Fold(IReadOnlyList<StringLiteral> parts) => parts.Count == 1
        ? parts[0]
        : new(parts[0].Span.To(parts[^1].Span), string.Concat(parts.Select(p => p.Value)), parts[0].Form);

    /// <summary>The literal that a sum of literals is; null where anything else is in it.</summary>
    public static StringLiteral? TryFold(Expression expression)
    {
        if (expression is StringLiteral single)
        {
            return single;
        }

        if (expression is not SumExpression { First: StringLiteral first } sum ||
            !sum.Rest.Items.All(t => t is { Subtracted: false, Operand: StringLiteral }))
        {
            return null;
        }

        return Fold([first, .. sum.Rest.Items.Select(t => (StringLiteral)t.Operand)]);
    }
}
