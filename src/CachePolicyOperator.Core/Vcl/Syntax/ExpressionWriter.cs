using System.Globalization;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Writes expressions with as few parentheses as give the same tree back.</summary>
internal static class ExpressionWriter
{
    /// <summary>How tight an expression binds; what binds looser than its place asks for needs parentheses.</summary>
    private enum Tightness
    {
        Negation,
        Or,
        And,
        Not,
        Comparison,
        Sum,
        Product,
        Operand,
    }

    public static string Write(Expression expression) => expression switch
    {
        NegateExpression negate => $"-({Write(negate.Operand)})",
        OrExpression or => string.Join(" || ", or.Operands.Items.Select(o => Inner(o, Tightness.And))),
        AndExpression and => string.Join(" && ", and.Operands.Items.Select(o => Inner(o, Tightness.Not))),
        NotExpression not => $"!{Inner(not.Operand, Tightness.Comparison)}",
        ComparisonExpression c =>
            $"{Inner(c.Left, Tightness.Sum)} {Symbol(c.Operator)} {Inner(c.Right, Tightness.Sum)}",
        MatchExpression m =>
            $"{Inner(m.Left, Tightness.Sum)} {(m.Negated ? "!~" : "~")} {Pattern(m.Pattern)}",
        AclMatchExpression m => $"{Inner(m.Left, Tightness.Sum)} {(m.Negated ? "!~" : "~")} {m.Acl.Name}",
        SumExpression sum => Inner(sum.First, Tightness.Product) +
            string.Concat(
                sum.Rest.Items.Select(t => $" {(t.Subtracted ? '-' : '+')} {Inner(t.Operand, Tightness.Product)}")),
        ProductExpression product => Inner(product.First, Tightness.Operand) +
            string.Concat(
                product.Rest.Items.Select(f => $" {Symbol(f.Operator)} {Inner(f.Operand, Tightness.Operand)}")),
        Variable { Header: null } variable => variable.Root,
        Variable variable => $"{variable.Root}.{HeaderName(variable.Header)}",
        SymbolReference symbol => symbol.Name,
        FunctionCall call => $"{call.Name}({Arguments(call.Arguments)})",
        MethodCall call =>
            $"{Receiver(call.Receiver, call.Method, isCall: true)}.{call.Method}({Arguments(call.Arguments)})",
        FieldAccess field => $"{Receiver(field.Receiver, field.Field, isCall: false)}.{field.Field}",
        StringLiteral text => Quote(text.Value, text.Form),
        IntegerLiteral number => number.Value.ToString(CultureInfo.InvariantCulture),
        RealLiteral number => number.Value.ToString("0.0##", CultureInfo.InvariantCulture),
        DurationLiteral duration => duration.Amount.ToString("0.###", CultureInfo.InvariantCulture) + duration.Unit,
        BytesLiteral bytes => bytes.Amount.ToString("0.###", CultureInfo.InvariantCulture) + bytes.Unit,
        BooleanLiteral boolean => boolean.Value ? "true" : "false",
        BlobLiteral blob => $":{blob.Base64}:",
        _ => throw new System.Diagnostics.UnreachableException(expression.GetType().Name),
    };

    /// <summary>
    /// A string in a form that can hold it, the wanted one if possible. What no form can hold was folded from several
    /// literals, and is written as several again.
    /// </summary>
    public static string Quote(string value, StringForm wanted = StringForm.Quoted)
    {
        StringForm[] forms = [wanted, StringForm.Quoted, StringForm.Braced, StringForm.TripleQuoted];
        var index = Array.FindIndex(forms, f => CanHold(f, value));
        return index >= 0
            ? Enclose(forms[index], value)
            : string.Join(" + {\"\"\"} + ", value.Split('"').Select(part => Enclose(StringForm.Braced, part)));
    }

    private static string Enclose(StringForm form, string value) => form switch
    {
        StringForm.Braced => $"{{\"{value}\"}}",
        StringForm.TripleQuoted => $"\"\"\"{value}\"\"\"",
        _ => $"\"{value}\"",
    };

    private static bool CanHold(StringForm form, string value) => form switch
    {
        StringForm.Quoted => value.AsSpan().IndexOfAny('"', '\r', '\n') < 0,
        StringForm.Braced => !value.Contains("\"}", StringComparison.Ordinal),
        _ => !value.Contains("\"\"\"", StringComparison.Ordinal) && !value.EndsWith('"'),
    };

    private static string Inner(Expression expression, Tightness wanted) =>
        TightnessOf(expression) < wanted ? $"({Write(expression)})" : Write(expression);

    // A bare name after `~` reads as an acl.
    private static string Pattern(Expression pattern) =>
        pattern is SymbolReference ? $"({Write(pattern)})" : Inner(pattern, Tightness.Operand);

    // What a name and a property would read as together must not become another name.
    private static string Receiver(Expression receiver, string member, bool isCall)
    {
        var bare = receiver switch
        {
            Variable { Header: not null } => true,
            Variable variable => ReadsBack(variable.Root.Split('.'), member, isCall),
            SymbolReference or BooleanLiteral or IntegerLiteral or RealLiteral => false,
            _ => TightnessOf(receiver) == Tightness.Operand,
        };
        return bare ? Write(receiver) : $"({Write(receiver)})";
    }

    private static bool ReadsBack(string[] name, string member, bool isCall) =>
        VariableNames.ReadLength([.. name, member], isCall) == name.Length;

    private static string Arguments(EquatableList<Argument> arguments) =>
        string.Join(", ",
            arguments.Items.Select(a => a.Name is null ? Write(a.Value) : $"{a.Name} = {Write(a.Value)}"));

    private static string HeaderName(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? name
            : Quote(name);

    private static Tightness TightnessOf(Expression expression) => expression switch
    {
        NegateExpression => Tightness.Negation,
        OrExpression => Tightness.Or,
        AndExpression => Tightness.And,
        NotExpression => Tightness.Not,
        ComparisonExpression or MatchExpression or AclMatchExpression => Tightness.Comparison,
        SumExpression => Tightness.Sum,
        ProductExpression => Tightness.Product,
        _ => Tightness.Operand,
    };

    private static string Symbol(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Equal => "==",
        ComparisonOperator.NotEqual => "!=",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };

    private static char Symbol(ProductOperator product) => product switch
    {
        ProductOperator.Multiply => '*',
        ProductOperator.Divide => '/',
        _ => '%',
    };
}
