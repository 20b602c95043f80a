using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Builtin;

/// <summary>
/// Runs the part of VCL that the built-in VCL uses, with given values, and notes each step that anybody could tell
/// apart: subroutines entered, fields changed, what was hashed, what was returned. Bodies of error pages are not told
/// apart.
/// </summary>
internal sealed class MiniVarnish(VclFile file, IReadOnlyDictionary<string, object?> values)
{
    private readonly Dictionary<string, object?> _values = new(values);
    private readonly List<string> _trace = [];

    public static string Run(VclFile file, string subroutine, IReadOnlyDictionary<string, object?> values)
    {
        var run = new MiniVarnish(file, values);
        run.Call(subroutine);
        return string.Join("; ", run._trace);
    }

    private enum Outcome
    {
        GoOn,
        Left,
        Returned,
    }

    private Outcome Call(string name)
    {
        _trace.Add(name);
        foreach (var part in file.Declarations.Items.OfType<SubDeclaration>().Where(s => s.Name.Is(name)))
        {
            var outcome = Run(part.Body);
            if (outcome != Outcome.GoOn)
            {
                return outcome == Outcome.Left ? Outcome.GoOn : outcome;
            }
        }

        return Outcome.GoOn;
    }

    private Outcome Run(Block block)
    {
        foreach (var statement in block.Statements)
        {
            var outcome = Run(statement);
            if (outcome != Outcome.GoOn)
            {
                return outcome;
            }
        }

        return Outcome.GoOn;
    }

    private Outcome Run(Statement statement)
    {
        switch (statement)
        {
            case Block block:
                return Run(block);
            case IfStatement conditional:
                var taken = conditional.Branches.Items.FirstOrDefault(b => IsTrue(Evaluate(b.Condition)))?.Body
                    ?? conditional.Else;
                return taken is null ? Outcome.GoOn : Run(taken);
            case CallStatement { Target: SymbolReference sub }:
                return Call(sub.Key);
            case ReturnStatement { Action: null }:
                return Outcome.Left;
            case ReturnStatement back:
                var status = back.Arguments.Count > 0 ? $"({Evaluate(back.Arguments[0])})" : "";
                _trace.Add($"return {back.Action}{status}");
                return Outcome.Returned;
            case SetStatement { Target.Name: "resp.body" or "beresp.body" } page:
                _trace.Add($"set {page.Target.Name}");
                return Outcome.GoOn;
            case SetStatement set:
                _values[set.Target.Name] = Evaluate(set.Value);
                _trace.Add($"set {set.Target.Name} = {_values[set.Target.Name]}");
                return Outcome.GoOn;
            case UnsetStatement unset:
                _trace.Add($"unset {unset.Target.Name}");
                return Outcome.GoOn;
            case HashDataStatement hash:
                _trace.Add($"hash {Evaluate(hash.Value)}");
                return Outcome.GoOn;
            default:
                throw new NotSupportedException(statement.Span.Text);
        }
    }

    private object? Evaluate(Expression expression) => expression switch
    {
        OrExpression or => or.Operands.Items.Any(o => IsTrue(Evaluate(o))),
        AndExpression and => and.Operands.Items.All(o => IsTrue(Evaluate(o))),
        NotExpression not => !IsTrue(Evaluate(not.Operand)),
        ComparisonExpression comparison => Compare(comparison),
        MatchExpression match =>
            Regex.IsMatch((string?)Evaluate(match.Left) ?? "",
            match.Regex!.Replace("[:upper:]", "A-Z")) != match.Negated,
        MethodCall { Method: "lower" } call => ((string?)Evaluate(call.Receiver))?.ToLowerInvariant(),
        StringLiteral text => text.Value,
        IntegerLiteral number => (decimal)number.Value,
        DurationLiteral duration => duration.Seconds,
        BooleanLiteral boolean => boolean.Value,
        Variable variable => _values.GetValueOrDefault(variable.Name),
        _ => throw new NotSupportedException(expression.Span.Text),
    };

    private bool Compare(ComparisonExpression comparison)
    {
        var (left, right) = (Evaluate(comparison.Left), Evaluate(comparison.Right));
        return comparison.Operator switch
        {
            // Absent is different from everything.
            ComparisonOperator.Equal => left is not null && left.Equals(right),
            ComparisonOperator.NotEqual => left is null || !left.Equals(right),
            ComparisonOperator.LessOrEqual => (decimal)left! <= (decimal)right!,
            _ => throw new NotSupportedException(comparison.Span.Text),
        };
    }

    private static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool boolean => boolean,
        _ => true,
    };
}
