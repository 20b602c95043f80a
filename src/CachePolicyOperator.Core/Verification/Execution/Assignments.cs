using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>
/// What <c>set</c> makes of a state: the value of a string or a field, and what is followed of a typed variable.
/// </summary>
internal sealed class Assignments(ProgramFacts program, Evaluator evaluator, ExecutionMode mode)
{
    // Each step looks at them all. varnishd holds 64 unless told otherwise (`http_max_hdr`).
    private const int MaxFields = 3_000;

    /// <summary>The state behind a statement of a subroutine.</summary>
    public SymbolicState Run(SymbolicState state, SetStatement set, string? method)
    {
        var target = Input.Of(set.Target);
        if (target.IsOfField || Evaluator.IsTextVariable(target))
        {
            (var value, state) = evaluator.TextOf(state, set.Value);
            if (set.Operator != AssignmentOperator.Assign)
            {
                (var old, state) = evaluator.TextOf(state, set.Target);
                (value, state) = evaluator.Joined(state, set.Value, [old, value]);
            }

            if (state.Fields.Count > MaxFields)
            {
                throw new UnsupportedVclException(set.Span, $"more than {MaxFields} header fields are set on one way");
            }

            state = state.Forgetting(target);
            if (target == TrackedVariables.Client && !program.Reads(target))
            {
                return state;
            }

            return !target.IsOfField ? state.With(target, value)
                : IsForgotten(set.Target, value, method) ? state with { Fields = state.Fields.Remove(target) }
                : state.With(target, new WrittenField(BlankMap.Trimmed(value)));
        }

        evaluator.CheckCalls(set.Value);
        state = state.Forgetting(target);
        if (target == TrackedVariables.Status || target == TrackedVariables.DeliveredStatus)
        {
            (var reason, state) = evaluator.Unknown(state, set.Value, [], "the reason follows the status");
            state = state.With(target == TrackedVariables.Status ? TrackedVariables.Reason
                : Input.DeliveredReason, reason);
        }

        if (program.IsHeld(target, method))
        {
            state = state.With(target, Held(state, set));
        }

        return target == TrackedVariables.Body ? Write(state, set.Value)
            : target == TrackedVariables.Status ? state.With(target, StatusOf(state, set.Value))
            : target == TrackedVariables.BackendHint || target == TrackedVariables.Backend
                ? state.With(target, Held(state, set))
            : target == TrackedVariables.Grace
                ? state.WithFlag(Flag.Stale, set.Value is not DurationLiteral grace || grace.Amount > 0)
            : target == TrackedVariables.Lifetime && set.Value is not BooleanLiteral ? WithLifetime(state, set)
            : WithTruth(state, set, target.Flag);
    }

    private Text StatusOf(SymbolicState state, Expression status) => status is IntegerLiteral number
        ? new ConstantText(number.Value.ToString())
        : evaluator.Unknown(state, status, evaluator.Taint.Of(state, status), "the status is computed").Value;

    private SymbolicState WithLifetime(SymbolicState state, SetStatement set) =>
        set is { Value: DurationLiteral duration, Operator: AssignmentOperator.Assign }
            ? state.WithFlag(Flag.Fresh, duration.Amount > 0).WithFlag(Flag.Momentary, duration.Seconds < 1)
                .WithFlag(Flag.Invented, duration.Amount > 0)
            : (state with { Flags = state.Flags.Remove(Flag.Fresh).Remove(Flag.Momentary) })
                .WithFlag(Flag.Invented, !evaluator.Taint.IsOfResponse(state, set.Value));

    private SymbolicState WithTruth(SymbolicState state, SetStatement set, Flag flag) => set.Value switch
    {
        // varnishd does not let a private object become shared again.
        BooleanLiteral { Value: false } when flag == Flag.Uncacheable => state,
        BooleanLiteral literal => state.WithFlag(flag, literal.Value),
        _ when flag != Flag.ParsedForEsi && flag != Flag.VaryIgnored =>
            state with { Flags = state.Flags.Remove(flag) },
        _ when program.Reads(Input.Of(set.Target)) =>
            throw new UnsupportedVclException(set.Span, $"`{set.Target.Name}` is computed, and asked for"),
        _ => state.WithFlag(flag, true),
    };

    // Of an answer of the origin nobody asks whether this is the origin's own field. Answers of varnishd's own are told
    // apart by theirs.
    private bool IsForgotten(Variable target, Text value, string? method) =>
        mode == ExecutionMode.Merged && method == "vcl_backend_response" && target.Owner == "beresp"
            && value is ConstantText && !program.IsLookedAt(target);

    // A typed value: only what it is made of is followed. The same words of a VCL make the same of the same.
    private Text Held(SymbolicState state, SetStatement set) => JoinedText.Of(
    [
        new ConstantText($"{set.Operator} {set.Value.Span.Text}"),
        .. set.Value.WithNested().Append(set.Target).OfType<Variable>()
            .Where(v => set.Operator != AssignmentOperator.Assign || !ReferenceEquals(v, set.Target))
            .Select(v => evaluator.TextOf(state, v).Value),
        .. set.Value.WithNested().OfType<FunctionCall>().Select(call => evaluator.Taint.StateRead(state, call))
            .OfType<Text>(),
    ]);

    /// <summary>The state where the value is added to the body of a response.</summary>
    // What varnishd makes of the parts that are no strings does not matter here, only what they come from.
    public SymbolicState Write(SymbolicState state, Expression body)
    {
        (var text, state) = evaluator.TextOf(state, body);
        return state.With(TrackedVariables.Body,
            JoinedText.Of([state.Strings.GetValueOrDefault(TrackedVariables.Body, Text.Empty), text]));
    }
}
