namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Lists what is inside of a part of the tree, in the order in which it was written.</summary>
public static class SyntaxWalk
{
    /// <summary>The statement and all statements inside of it.</summary>
    public static IEnumerable<Statement> WithNested(this Statement statement) =>
        InOrder(statement, Children);

    /// <summary>The expressions that the statement itself holds, without those of nested statements.</summary>
    public static IEnumerable<Expression> Expressions(this Statement statement) => statement switch
    {
        IfStatement conditional => conditional.Branches.Items.Select(b => b.Condition),
        SetStatement set => [set.Target, set.Value],
        UnsetStatement unset => [unset.Target],
        CallStatement call => [call.Target],
        ReturnStatement back => back.Arguments.Items,
        HashDataStatement hash => [hash.Value],
        SyntheticStatement synthetic => [synthetic.Value],
        BanStatement ban => [ban.Value],
        NewStatement made => [made.Constructor],
        ExpressionStatement expression => [expression.Call],
        _ => [],
    };

    /// <summary>The expression and all expressions inside of it.</summary>
    public static IEnumerable<Expression> WithNested(this Expression expression) =>
        InOrder(expression, Children);

    private static List<T> InOrder<T>(T root, Func<T, IEnumerable<T>> children)
    {
        if (children(root) is ICollection<T> { Count: 0 })
        {
            return [root];
        }

        var pending = new Stack<T>([root]);
        var found = new List<T>();
        while (pending.TryPop(out var next))
        {
            found.Add(next);
            foreach (var child in children(next).Reverse())
            {
                pending.Push(child);
            }
        }

        return found;
    }

    private static IEnumerable<Statement> Children(Statement statement) => statement switch
    {
        Block block => block.Statements.Items,
        IfStatement conditional => conditional.Branches.Items.SelectMany(b => b.Body.Statements.Items)
            .Concat(conditional.Else?.Statements.Items ?? []),
        _ => [],
    };

    private static IEnumerable<Expression> Children(Expression expression) => expression switch
    {
        OrExpression or => or.Operands.Items,
        AndExpression and => and.Operands.Items,
        NotExpression not => [not.Operand],
        ComparisonExpression comparison => [comparison.Left, comparison.Right],
        MatchExpression match => [match.Left, match.Pattern],
        AclMatchExpression match => [match.Left, match.Acl],
        SumExpression sum => sum.Rest.Items.Select(t => t.Operand).Prepend(sum.First),
        ProductExpression product => product.Rest.Items.Select(f => f.Operand).Prepend(product.First),
        NegateExpression negate => [negate.Operand],
        FunctionCall call => call.Arguments.Items.Select(a => a.Value),
        MethodCall call => call.Arguments.Items.Select(a => a.Value).Prepend(call.Receiver),
        FieldAccess field => [field.Receiver],
        _ => [],
    };
}
