using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>
/// Finds the types of expressions as varnishd does, where what is wanted decides how a literal reads, and says what
/// does not go together. <see cref="VclType.Unknown"/> goes with everything.
/// </summary>
internal sealed class ExpressionTyper(VclProgram program, DiagnosticBag diagnostics)
{
    private readonly SymbolTyper _symbols = new(program, diagnostics);

    /// <summary>Demands a type, with the conversions that varnishd makes by itself.</summary>
    public void Check(Expression expression, VclType wanted)
    {
        var type = TypeOf(expression, wanted);
        if (!TypeRules.Converts(type, wanted))
        {
            Report(expression, $"{Name(wanted)} is wanted, and `{Shorten(expression.Span.Text)}` is {Name(type)}",
                wanted == VclType.Bool ? "compare it with something" : null);
        }
    }

    public VclType TypeOf(Expression expression, VclType wanted) => expression switch
    {
        OrExpression or => CheckTruths(or.Operands, wanted),
        AndExpression and => CheckTruths(and.Operands, wanted),
        NotExpression not => CheckTruths([not.Operand], wanted),
        ComparisonExpression comparison => TypeOfComparison(comparison, wanted),
        MatchExpression match => TypeOfMatch(match, wanted),
        AclMatchExpression match => TypeOfAclMatch(match, wanted),
        SumExpression sum => TypeOfSum(sum, wanted),
        ProductExpression product => TypeOfProduct(product, wanted),
        NegateExpression negate => TypeOf(negate.Operand, wanted),
        Literal literal => TypeOfLiteral(literal, wanted),
        Variable variable => TypeOfVariable(variable, wanted),
        SymbolReference symbol => _symbols.TypeOf(symbol, wanted),
        FunctionCall call => TypeOfCall(call),
        MethodCall call => TypeOfMethod(call),
        FieldAccess field => TypeOfField(field),
        _ => VclType.Unknown,
    };

    private VclType CheckTruths(EquatableList<Expression> operands, VclType wanted)
    {
        foreach (var operand in operands)
        {
            var type = TypeOf(operand, wanted);
            if (!TypeRules.ConvertsToBool(type))
            {
                Report(operand, $"`{Shorten(operand.Span.Text)}` is {Name(type)}, which is neither true nor false",
                    "compare it with something");
            }
        }

        return VclType.Bool;
    }

    private VclType TypeOfComparison(ComparisonExpression comparison, VclType wanted)
    {
        var left = TypeOf(comparison.Left, wanted);
        var right = TypeOf(comparison.Right, left);
        if (!TypeRules.CanCompare(left, comparison.Operator))
        {
            Report(comparison, $"{Name(left)} cannot be compared like this");
        }
        else if (left != right && left != VclType.Unknown && right != VclType.Unknown)
        {
            Report(comparison, $"{Name(left)} is compared with {Name(right)}", "both sides must be of one type");
        }

        return VclType.Bool;
    }

    private VclType TypeOfMatch(MatchExpression match, VclType wanted)
    {
        var left = TypeOf(match.Left, wanted);
        var pattern = TypeOf(match.Pattern, left == VclType.Ip ? VclType.Acl : VclType.Regex);
        switch (left)
        {
            case VclType.Text when pattern is not (VclType.Regex or VclType.Unknown):
                Report(match.Pattern, "a regular expression must be a literal string", "write it in quotes");
                break;
            case VclType.Ip when pattern is not (VclType.Acl or VclType.Unknown):
                Report(match.Pattern, "an address is matched with an acl", "declare an `acl` and write its name");
                break;
            case not (VclType.Text or VclType.Ip or VclType.Unknown):
                Report(match.Left, $"`~` is not possible on {Name(left)}");
                break;
        }

        return VclType.Bool;
    }

    private VclType TypeOfAclMatch(AclMatchExpression match, VclType wanted)
    {
        var left = TypeOf(match.Left, wanted);
        if (left == VclType.Text)
        {
            Report(match.Acl, $"a string is matched with a regular expression, not with `{match.Acl.Name}`",
                "write the expression in quotes, or `std.ip(…)` around the string");
        }
        else
        {
            Check(match.Acl, VclType.Acl);
        }

        return VclType.Bool;
    }

    private VclType TypeOfSum(SumExpression sum, VclType wanted)
    {
        var result = TypeOf(sum.First, wanted);
        foreach (var term in sum.Rest)
        {
            var asText = !TypeRules.CanSum(term.Subtracted, result) && wanted is VclType.Text or VclType.Body;
            var right = TypeOf(term.Operand, asText ? VclType.Text : result);
            result = Add(sum, term, result, right, wanted);
        }

        return result;
    }

    private VclType Add(SumExpression sum, SumTerm term, VclType left, VclType right, VclType wanted)
    {
        if (left == VclType.Unknown || right == VclType.Unknown)
        {
            return VclType.Unknown;
        }

        if (TypeRules.Sum(term.Subtracted, left, right) is { } result)
        {
            return result;
        }

        var concatenates = !term.Subtracted && (left == VclType.Text || wanted is VclType.Text or VclType.Body);
        if (concatenates && TypeRules.ConvertsToText(left) && TypeRules.ConvertsToText(right))
        {
            return VclType.Text;
        }

        Report(sum, $"{Name(left)} {(term.Subtracted ? '-' : '+')} {Name(right)} is not possible");
        return VclType.Unknown;
    }

    private VclType TypeOfProduct(ProductExpression product, VclType wanted)
    {
        var result = TypeOf(product.First, wanted);
        foreach (var factor in product.Rest)
        {
            if (result == VclType.Unknown)
            {
                return VclType.Unknown;
            }

            if (TypeRules.Factor(result) is not { } other
                || (factor.Operator == ProductOperator.Modulo && result != VclType.WholeNumber))
            {
                Report(product, $"{Name(result)} cannot be multiplied or divided like this");
                return VclType.Unknown;
            }

            var right = TypeOf(factor.Operand, other);
            if (right != other && right is not (VclType.WholeNumber or VclType.Unknown))
            {
                Report(product, $"{Name(result)} with {Name(right)} is not possible");
            }
        }

        return result;
    }

    private VclType TypeOfLiteral(Literal literal, VclType wanted)
    {
        switch (literal)
        {
            case StringLiteral:
                return wanted is VclType.Ip or VclType.Regex ? wanted : VclType.Text;
            case DurationLiteral { Unit: "m" } when wanted == VclType.Bytes:
                return VclType.Bytes;
            case DurationLiteral:
                return VclType.Duration;
            case BytesLiteral bytes when wanted is not (VclType.Bytes or VclType.Unknown):
                Report(bytes, $"`{bytes.Unit}` is no unit of duration",
                    "these are `ms`, `s`, `m`, `h`, `d`, `w` and `y`");
                return VclType.Unknown;
            case BytesLiteral:
                return VclType.Bytes;
            case IntegerLiteral or RealLiteral when wanted == VclType.Bytes:
                Report(literal, "a size needs a unit", "these are `B`, `KB`, `MB`, `GB` and `TB`");
                return VclType.Unknown;
            case IntegerLiteral:
                return wanted == VclType.RealNumber ? VclType.RealNumber : VclType.WholeNumber;
            case RealLiteral:
                return VclType.RealNumber;
            case BooleanLiteral:
                return VclType.Bool;
            default:
                return VclType.Blob;
        }
    }

    private VclType TypeOfVariable(Variable variable, VclType wanted) => program.FindVariable(variable)?.Type switch
    {
        null => VclType.Unknown,
        VclType.Header => wanted == VclType.Header ? VclType.Header : VclType.Text,
        var type => type.Value,
    };

    private VclType TypeOfCall(FunctionCall call)
    {
        if (call.Key is "regsub" or "regsuball")
        {
            CheckRegsub(call);
            return VclType.Text;
        }

        if (_symbols.FindFunction(call) is not { } function)
        {
            foreach (var argument in call.Arguments)
            {
                TypeOf(argument.Value, VclType.Unknown);
            }

            return VclType.Unknown;
        }

        CheckArguments(call, function);
        return function.Returns;
    }

    private void CheckRegsub(FunctionCall call)
    {
        if (call.Arguments.Count != 3)
        {
            Report(call, $"`{call.Name}` takes 3 arguments, not {call.Arguments.Count}");
            return;
        }

        Check(call.Arguments[0].Value, VclType.Text);
        Check(call.Arguments[1].Value, VclType.Regex);
        Check(call.Arguments[2].Value, VclType.Text);
    }

    private void CheckArguments(FunctionCall call, VmodFunction function)
    {
        foreach (var (argument, parameter) in ArgumentMatcher.Match(call, function, diagnostics))
        {
            if (parameter.Type != VclType.Enumeration)
            {
                Check(argument.Value, parameter.Type);
            }
            // `NOW` reads as the variable as well.
            else if (argument.Value is not (SymbolReference or Variable)
                || !parameter.Words.Items.Contains(argument.Value.Span.Text))
            {
                Report(argument, $"`{Shorten(argument.Value.Span.Text)}` is not possible here",
                    $"choose one of {string.Join(", ", parameter.Words.Items.Select(w => $"`{w}`"))}");
            }
        }
    }

    private VclType TypeOfMethod(MethodCall call)
    {
        var receiver = TypeOf(call.Receiver, VclType.Unknown);
        var method = call.Method.ToLowerInvariant();
        switch (receiver)
        {
            case VclType.Text when method is "upper" or "lower" && call.Arguments.Count == 0:
                return VclType.Text;
            case VclType.Backend when method == "resolve" && call.Arguments.Count == 0:
                return VclType.Backend;
            case not VclType.Unknown:
                Report(call, $"{Name(receiver)} has no method `{call.Method}`");
                return VclType.Unknown;
            default:
                return VclType.Unknown;
        }
    }

    private VclType TypeOfField(FieldAccess field)
    {
        var receiver = TypeOf(field.Receiver, VclType.Unknown);
        switch (receiver, field.Field.ToLowerInvariant())
        {
            case (VclType.Stevedore, "free_space" or "used_space"):
                return VclType.Bytes;
            case (VclType.Stevedore, "happy"):
                return VclType.Bool;
            case (VclType.Unknown, _):
                return VclType.Unknown;
            default:
                Report(field, $"{Name(receiver)} has no property `{field.Field}`");
                return VclType.Unknown;
        }
    }

    private void Report(SyntaxNode node, string message, string? help = null) =>
        diagnostics.Error("vcl/type", node.Span, message, help);

    private static string Name(VclType type) => VclTypeNames.NameOf(type);

    private static string Shorten(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
