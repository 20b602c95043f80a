using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>A path on which a condition holds, or does not.</summary>
internal readonly record struct Fork(SymbolicState State, bool Truth);

/// <summary>
/// Forks a state at a condition: into where it holds and where it does not, as far as the path condition allows
/// either. What nothing decides goes both ways.
/// </summary>
internal sealed class Brancher(VmodCalls vmods, Evaluator evaluator, Solver solver, Regexes regexes)
{
    private static readonly string[] Following = ["req.can_gzip", "req_top.", ".filters", ".reason"];

    public IEnumerable<Fork> Split(SymbolicState state, Expression condition) => condition switch
    {
        OrExpression or => SplitChain(state, or.Operands.Items, stopsAt: true),
        AndExpression and => SplitChain(state, and.Operands.Items, stopsAt: false),
        NotExpression not => Split(state, not.Operand).Select(f => f with { Truth = !f.Truth }),
        BooleanLiteral literal => [new Fork(state, literal.Value)],
        Variable { Header: not null } header => SplitPresence(state, evaluator.FieldOf(state, header)),
        Variable { Name: "req.url" or "req.method" or "req.proto" or "bereq.url" or "bereq.method" } =>
            [new Fork(state, true)],
        Variable { Name: "req.can_gzip" } => [new Fork(state, true), new Fork(state, false)],
        Variable { Name: "req.restarts" } => [new Fork(state, state.Restarts > 0)],
        Variable { Name: "bereq.retries" } => [new Fork(state, state.Retries > 0)],
        Variable variable => SplitFlag(
            state.Flags.ContainsKey(Input.Of(variable).Flag) ? state
                : state.DecidedBy(evaluator.Taint.ImplicitInputsOf(state, variable)),
                Input.Of(variable).Flag),
        MatchExpression { Regex: { } regex } match => SplitMatch(state, match, regex),
        ComparisonExpression comparison => SplitComparison(state, comparison),
        FunctionCall call when vmods.Of(call) == VmodFacts.Cookie
            && evaluator.Cookies.Split(state, call) is var (holds, fails) => Forks(holds, fails),
        _ => SplitBothWays(state, condition),
    };

    private static IEnumerable<Fork> SplitInTurn<T>(SymbolicState state, IEnumerable<T> parts,
        Func<SymbolicState, T, IEnumerable<Fork>> split, bool stopsAt)
    {
        var going = new List<SymbolicState> { state };
        foreach (var part in parts)
        {
            var next = new List<SymbolicState>();
            foreach (var fork in going.SelectMany(s => split(s, part)))
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

    private IEnumerable<Fork> SplitChain(SymbolicState state, IEnumerable<Expression> operands, bool stopsAt) =>
        SplitInTurn(state, Rows(operands, stopsAt), (s, row) => SplitRow(s, row, stopsAt), stopsAt);

    /// <summary>
    /// The operands in order; in one row those that ask the same variable for one pattern after the other, and end the
    /// chain where it matches.
    /// </summary>
    private static IEnumerable<Expression[]> Rows(IEnumerable<Expression> operands, bool stopsAt)
    {
        var row = new List<Expression>();
        foreach (var operand in operands)
        {
            if (row.Count > 0 && (Matched(operand) is not { } name || name != Matched(row[0])))
            {
                yield return [.. row];
                row.Clear();
            }

            row.Add(operand);
        }

        yield return [.. row];

        string? Matched(Expression operand) =>
            operand is MatchExpression { Regex: not null, Left: Variable variable } match && match.Negated != stopsAt
                ? variable.Name : null;
    }

    // Of an input as it came, a row of patterns is one question.
    private IEnumerable<Fork> SplitRow(SymbolicState state, Expression[] row, bool stopsAt)
    {
        if (row.Length == 1)
        {
            return Split(state, row[0]);
        }

        if (evaluator.TextOf(state, ((MatchExpression)row[0]).Left).Value is not InputText input
            || regexes.AnyOf([.. row.Cast<MatchExpression>().Select(m => m.Regex!)]) is not { } any)
        {
            return SplitInTurn(state, row, Split, stopsAt);
        }

        var (matches, others) = solver.Split(state, input, any, any);
        return stopsAt ? Forks(matches, others) : Forks(others, matches);
    }

    private IEnumerable<Fork> SplitPresence(SymbolicState state, Field field) =>
        Forks(solver.WithPresence(state, field, true), solver.WithPresence(state, field, false));

    private IEnumerable<Fork> SplitMatch(SymbolicState state, MatchExpression match, string regex)
    {
        evaluator.CheckCalls(match.Left);
        (var text, state) = evaluator.TextOf(state, match.Left);
        var language = regexes.LanguageOf(regex);
        if (!language.IsExact)
        {
            state = state.Approximated(
                new OverApproximation(match.Span, "the pattern is not regular, or too large to follow exactly"))
                .DecidedBy(evaluator.Taint.ImplicitInputsOf(state, match.Left));
        }

        var (holds, fails) = solver.Split(state, text, language.May, language.Must);
        return match.Negated ? Forks(fails, holds) : Forks(holds, fails);
    }

    private IEnumerable<Fork> SplitComparison(SymbolicState state, ComparisonExpression comparison)
    {
        if (evaluator.IsText(comparison.Left) || evaluator.IsText(comparison.Right))
        {
            return comparison.Operator is ComparisonOperator.Equal or ComparisonOperator.NotEqual
                ? SplitEquality(state, comparison)
                : SplitBothWays(state, comparison);
        }

        if (comparison is
            {
                Left: Variable { Name: "req.restarts" or "bereq.retries" } counter,
                Right: IntegerLiteral rounds
            })
        {
            var count = counter.Name == "req.restarts" ? state.Restarts : state.Retries;
            return [new Fork(state, Holds(count, comparison.Operator, rounds.Value))];
        }

        if (comparison is { Left: Variable { Name: "beresp.ttl" }, Right: DurationLiteral { Amount: 0 } }
            && comparison.Operator is ComparisonOperator.LessOrEqual or ComparisonOperator.Greater)
        {
            var greater = comparison.Operator == ComparisonOperator.Greater;
            return SplitFlag(state, Flag.Fresh, TrackedVariables.Lifetime)
                .Select(f => f with { Truth = f.Truth == greater });
        }

        if (comparison is { Left: Variable left, Right: IntegerLiteral status }
            && Input.Of(left) == TrackedVariables.Status && (state.PathCondition.ContainsKey(TrackedVariables.Status)
                || state.Strings.ContainsKey(TrackedVariables.Status)))
        {
            var number = state.TextOf(TrackedVariables.Status);
            var numbers = Statuses.That(comparison.Operator, status.Value);
            return Forks(solver.Split(state, number, numbers, numbers));
        }

        return SplitBothWays(state, comparison);
    }

    // What is absent is equal to nothing, not even to the empty string or to what is absent as well. In a
    // concatenation, and in a comparison with one, it reads as empty.
    private IEnumerable<Fork> SplitEquality(SymbolicState state, ComparisonExpression comparison)
    {
        evaluator.CheckCalls(comparison);
        var negated = comparison.Operator == ComparisonOperator.NotEqual;
        var forks = new List<Fork>();
        IReadOnlyList<SymbolicState> present = [state];
        if (!IsConcatenation(comparison.Left) && !IsConcatenation(comparison.Right))
        {
            foreach (var side in (Expression[])[comparison.Left, comparison.Right])
            {
                forks.AddRange(present.SelectMany(s => WhereNothing(s, side)).Select(s => new Fork(s, negated)));
                present = side is Variable { Header: not null } header
                    ? [.. present.Select(s => solver.WithPresence(s, evaluator.FieldOf(s, header), true))
                        .OfType<SymbolicState>()]
                    : side is FunctionCall call && vmods.Of(call) == VmodFacts.Cookie
                    ? [.. present.SelectMany(s => Split(s, call)).Where(f => f.Truth).Select(f => f.State)]
                    : present;
            }
        }

        return forks.Concat(present.SelectMany(s => SplitEqualTexts(s, comparison))
            .Select(f => f with { Truth = f.Truth != negated }));
    }

    /// <summary>The paths where a side of a comparison has no value at all.</summary>
    private IEnumerable<SymbolicState> WhereNothing(SymbolicState state, Expression side)
    {
        switch (side)
        {
            case Variable { Header: not null } header:
                return solver.WithPresence(state, evaluator.FieldOf(state, header), false) is { } absent ? [absent]
                    : [];
            case StringLiteral or FunctionCall { Key: "regsub" or "regsuball" }:
                return [];
            case FunctionCall call when vmods.Of(call) == VmodFacts.Cookie
                && VmodCalls.FunctionOf(call) == "get_string":
                return [];
            case FunctionCall call when vmods.IsStd(call, "tolower") || vmods.IsStd(call, "toupper"):
                return [];
            default:
                // `.lower()` of the empty string has none, and neither has std.querysort of an absent field.
                (var text, state) = evaluator.TextOf(state, side);
                return solver.Within(state, text, Language.Epsilon) is { } empty ? [empty] : [];
        }
    }

    private static bool IsConcatenation(Expression side) =>
        side is SumExpression sum
            && !sum.Rest.Items.Select(t => t.Operand).Prepend(sum.First).All(o => o is StringLiteral);

    private IEnumerable<Fork> SplitEqualTexts(SymbolicState state, ComparisonExpression comparison)
    {
        (var left, state) = evaluator.TextOf(state, comparison.Left);
        (var right, state) = evaluator.TextOf(state, comparison.Right);
        var (text, constant) = (left, right) switch
        {
            (_, ConstantText c) => (left, c),
            (ConstantText c, _) => (right, c),
            _ => (left, null),
        };
        if (constant is null)
        {
            return SplitEitherWay(
                state.Approximated(new OverApproximation(comparison.Span,
                    "two values that are both unknown are compared"))
                    .DecidedBy(left.Taint.Concat(right.Taint)
                        .Concat(evaluator.Taint.ImplicitInputsOf(state, comparison))), comparison);
        }

        // Of a value that is not followed exactly, nothing tells which constant it was compared with.
        if (!Solver.IsExact(text))
        {
            state = state.DecidedBy(evaluator.Taint.ImplicitInputsOf(state, ReferenceEquals(constant, left)
                ? comparison.Left : comparison.Right));
        }

        var language = Language.Literal(constant.Value);
        return Forks(solver.Split(state, text, language, language));
    }

    // Equal or not, whichever way the question is put.
    private static Fork[] SplitEitherWay(SymbolicState state, ComparisonExpression comparison)
    {
        var question = new Question($"{comparison.Left.Span.Text} == {comparison.Right.Span.Text}");
        return MayChange(comparison) ? AnsweredHere(state, comparison)
            : state.Assumed.TryGetValue(question, out var answer) ? [new Fork(state, answer)]
            : Answered(state, question);
    }

    private static Fork[] Answered(SymbolicState state, Question question) =>
    [
        new Fork(state with { Assumed = state.Assumed.SetItem(question, true) }, true),
        new Fork(state with { Assumed = state.Assumed.SetItem(question, false) }, false),
    ];

    // Asked again, it may have another answer. Two requests at one time have the same, so what they do by it is
    // compared; but for chance.
    private static Fork[] AnsweredHere(SymbolicState state, Expression condition) =>
        condition.WithNested().OfType<FunctionCall>().Any(c => !c.Key.EndsWith(".random", StringComparison.Ordinal))
        || condition.WithNested().OfType<Variable>().Any()
            ? Answered(state, Question.AskedAt(condition.Span))
            : [new Fork(state, true), new Fork(state, false)];

    private static IEnumerable<Fork> SplitFlag(SymbolicState state, Flag flag, Input? variable = null)
    {
        if (state.Flags.TryGetValue(flag, out var value))
        {
            return [new Fork(state, value)];
        }

        var asked = (variable ?? flag.Variable) is { } asks
            && state.Strings.TryGetValue(asks, out var computed) ? state.DecidedBy(computed.Taint)
            : state;
        return [new Fork(asked.WithFlag(flag, true), true), new Fork(asked.WithFlag(flag, false), false)];
    }

    // The same question has the same answer until a variable in it changes; a call may answer anew every time.
    private Fork[] SplitBothWays(SymbolicState state, Expression condition)
    {
        evaluator.CheckCalls(condition);
        var question = new Question(condition.Span.Text);
        state = state.DecidedBy(evaluator.Taint.Of(state, condition)
            .Concat(evaluator.Taint.ImplicitInputsOf(state, condition)));
        if (state.Assumed.TryGetValue(question, out var answer))
        {
            return [new Fork(state, answer)];
        }

        return MayChange(condition) ? AnsweredHere(state, condition) : Answered(state, question);
    }

    // So do variables that follow others, and a name in quotes, or in pieces, is not found when its field changes.
    private static bool MayChange(Expression condition) =>
        condition.Span.Text.Contains('(', StringComparison.Ordinal)
        || condition.WithNested().OfType<Variable>()
            .Any(v => !condition.Span.Text.Contains(v.Name, StringComparison.OrdinalIgnoreCase))
        || Following.Any(name => condition.Span.Text.Contains(name, StringComparison.OrdinalIgnoreCase))
        || condition.Span.Text.Contains("now", StringComparison.OrdinalIgnoreCase)
        || condition.Span.Text.Contains("storage.", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Fork> Forks((SymbolicState? Holds, SymbolicState? Fails) paths) =>
        Forks(paths.Holds, paths.Fails);

    private static IEnumerable<Fork> Forks(SymbolicState? holds, SymbolicState? fails)
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
