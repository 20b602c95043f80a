using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>A path on which a condition holds, or does not.</summary>
internal readonly record struct Fork(PathState State, bool Truth);

/// <summary>Splits a path at a condition into the paths where it holds and where it does not. What nothing decides goes both ways.</summary>
internal sealed class Conditions(Evaluator evaluator, InputSpace space, Regexes regexes)
{
    public IEnumerable<Fork> Split(PathState state, Expression condition) => condition switch
    {
        OrExpression or => SplitChain(state, or.Operands.Items, stopsAt: true),
        AndExpression and => SplitChain(state, and.Operands.Items, stopsAt: false),
        NotExpression not => Split(state, not.Operand).Select(f => f with { Truth = !f.Truth }),
        BooleanLiteral literal => [new Fork(state, literal.Value)],
        Variable { Header: not null } header => SplitPresence(state, Evaluator.FieldOf(state, header)),
        Variable { Name: "req.url" or "req.method" or "req.proto" or "bereq.url" or "bereq.method" } => [new Fork(state, true)],
        Variable variable => SplitFlag(state, variable.Name),
        MatchExpression { Regex: { } regex } match => SplitMatch(state, match, regex),
        ComparisonExpression comparison => SplitComparison(state, comparison),
        _ => SplitBothWays(state, condition),
    };

    private IEnumerable<Fork> SplitChain(PathState state, IEnumerable<Expression> operands, bool stopsAt)
    {
        var going = new List<PathState> { state };
        foreach (var operand in operands)
        {
            var next = new List<PathState>();
            foreach (var fork in going.SelectMany(s => Split(s, operand)))
            {
                if (fork.Truth == stopsAt)
                {
                    yield return fork;
                }
                else
                {
                    next.Add(fork.State);
                }
            }

            going = next;
        }

        foreach (var end in going)
        {
            yield return new Fork(end, !stopsAt);
        }
    }

    private IEnumerable<Fork> SplitPresence(PathState state, Field field) =>
        Forks(space.WithPresence(state, field, true), space.WithPresence(state, field, false));

    private IEnumerable<Fork> SplitMatch(PathState state, MatchExpression match, string regex)
    {
        evaluator.CheckCalls(match.Left);
        (var text, state) = evaluator.TextOf(state, match.Left);
        var language = regexes.LanguageOf(regex);
        if (!language.IsExact)
        {
            state = state.Widen(new Widening(match.Span, "the pattern is not regular, or too large to follow exactly"));
        }

        var holds = space.Within(state, text, language.May);
        var fails = space.Within(state, text, language.Must.Complement());
        return match.Negated ? Forks(fails, holds) : Forks(holds, fails);
    }

    private IEnumerable<Fork> SplitComparison(PathState state, ComparisonExpression comparison)
    {
        if (Evaluator.IsText(comparison.Left) || Evaluator.IsText(comparison.Right))
        {
            return comparison.Operator is ComparisonOperator.Equal or ComparisonOperator.NotEqual
                ? SplitEquality(state, comparison)
                : SplitBothWays(state, comparison);
        }

        if (comparison is { Left: Variable { Name: "req.restarts" }, Right: IntegerLiteral restarts })
        {
            return [new Fork(state, Holds(state.Restarts, comparison.Operator, restarts.Value))];
        }

        if (comparison is { Left: Variable { Name: "beresp.ttl" }, Right: DurationLiteral { Amount: 0 } }
            && comparison.Operator is ComparisonOperator.LessOrEqual or ComparisonOperator.Greater)
        {
            var greater = comparison.Operator == ComparisonOperator.Greater;
            return SplitFlag(state, PathFacts.Fresh).Select(f => f with { Truth = f.Truth == greater });
        }

        if (comparison is { Left: Variable { Name: PathFacts.Status }, Right: IntegerLiteral status }
            && (state.Known.ContainsKey(PathFacts.Status) || state.Strings.ContainsKey(PathFacts.Status)))
        {
            var number = state.TextOf(PathFacts.Status);
            var numbers = Statuses.That(comparison.Operator, status.Value, space.Budget);
            return Forks(space.Within(state, number, numbers), space.Within(state, number, numbers.Complement()));
        }

        return SplitBothWays(state, comparison);
    }

    // An absent field is equal to nothing, not even to the empty string; in a concatenation it reads as empty.
    private IEnumerable<Fork> SplitEquality(PathState state, ComparisonExpression comparison)
    {
        evaluator.CheckCalls(comparison);
        (var left, state) = evaluator.TextOf(state, comparison.Left);
        (var right, state) = evaluator.TextOf(state, comparison.Right);
        var (text, side, constant) = (left, right) switch
        {
            (_, ConstantText c) => (left, comparison.Left, c),
            (ConstantText c, _) => (right, comparison.Right, c),
            _ => (left, comparison.Left, null),
        };
        if (constant is null)
        {
            return SplitBothWays(state.Widen(new Widening(comparison.Span, "two values that are both unknown are compared")), comparison);
        }

        var language = Language.Literal(constant.Value);
        var equal = space.Within(state, text, language);
        var differs = space.Within(state, text, language.Complement());
        var forks = new List<Fork>();
        if (side is Variable { Header: not null } header && constant.Value.Length == 0)
        {
            var field = Evaluator.FieldOf(state, header);
            equal = equal is null ? null : space.WithPresence(equal, field, true);
            if (space.WithPresence(state, field, false) is { } absent)
            {
                forks.Add(new Fork(absent, false));
            }
        }

        forks.AddRange(Forks(equal, differs));
        var negated = comparison.Operator == ComparisonOperator.NotEqual;
        return forks.Select(f => f with { Truth = f.Truth != negated });
    }

    private static IEnumerable<Fork> SplitFlag(PathState state, string name) =>
        state.Flags.TryGetValue(name, out var value)
            ? [new Fork(state, value)]
            : [new Fork(state.WithFlag(name, true), true), new Fork(state.WithFlag(name, false), false)];

    // The same question has the same answer until a variable in it changes; a call may answer anew every time.
    private IEnumerable<Fork> SplitBothWays(PathState state, Expression condition)
    {
        evaluator.CheckCalls(condition);
        var question = condition.Span.Text;
        if (state.Assumed.TryGetValue(question, out var answer))
        {
            return [new Fork(state, answer)];
        }

        return MayChange(condition)
            ? [new Fork(state, true), new Fork(state, false)]
            :
            [
                new Fork(state with { Assumed = state.Assumed.SetItem(question, true) }, true),
                new Fork(state with { Assumed = state.Assumed.SetItem(question, false) }, false),
            ];
    }

    private static bool MayChange(Expression condition) =>
        condition.Span.Text.Contains('(', StringComparison.Ordinal)
        || condition.Span.Text.Contains("now", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Fork> Forks(PathState? holds, PathState? fails)
    {
        if (holds is not null)
        {
            yield return new Fork(holds, true);
        }

        if (fails is not null)
        {
            yield return new Fork(fails, false);
        }
    }

    private static bool Holds(long left, ComparisonOperator comparison, long right) => comparison switch
    {
        ComparisonOperator.Equal => left == right,
        ComparisonOperator.NotEqual => left != right,
        ComparisonOperator.Less => left < right,
        ComparisonOperator.LessOrEqual => left <= right,
        ComparisonOperator.Greater => left > right,
        _ => left >= right,
    };
}
