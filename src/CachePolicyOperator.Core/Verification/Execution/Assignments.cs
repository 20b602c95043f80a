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
        var target = set.Target;
        if (target.Header is not null || evaluator.IsText(target))
        {
            (var value, state) = evaluator.TextOf(state, set.Value);
            if (set.Operator != AssignmentOperator.Assign)
            {
                (var old, state) = evaluator.TextOf(state, target);
                (value, state) = evaluator.Joined(state, set.Value, [old, value]);
            }

            if (state.Fields.Count > MaxFields)
            {
                throw new UnsupportedVclException(set.Span, $"more than {MaxFields} header fields are set on one way");
            }

            state = state.Forgetting(target.Name);
            if (target.Name == TrackedVariables.Client && !program.Reads(target.Name))
            {
                return state;
            }

            return target.Header is null ? state.With(target.Name, value)
                : IsForgotten(target, value, method) ? state with { Fields = state.Fields.Remove(target.Name) }
                : state.With(target.Name, new WrittenField(BlankMap.Trimmed(value)));
        }

        evaluator.CheckCalls(set.Value);
        state = state.Forgetting(target.Name);
        if (target.Name is TrackedVariables.Status or "resp.status")
        {
            (var reason, state) = evaluator.Unknown(state, set.Value, [], "the reason follows the status");
            state = state.With(target.Name is TrackedVariables.Status ? TrackedVariables.Reason
                : "resp.reason", reason);
        }

        if (program.IsHeld(target, method))
        {
            state = state.With(target.Name, Held(state, set));
        }

        return (target.Name, set.Value) switch
        {
            (TrackedVariables.Body, _) => Write(state, set.Value),
            (TrackedVariables.Status, IntegerLiteral status) =>
                state.With(TrackedVariables.Status, new ConstantText(status.Value.ToString())),
            (TrackedVariables.Status, _) =>
                state.With(TrackedVariables.Status,
                evaluator.Unknown(state, set.Value, evaluator.Taint.Of(state, set.Value),
                "the status is computed").Value),
            ("req.backend_hint" or "bereq.backend", _) => state.With(target.Name, Held(state, set)),
            ("beresp.grace", DurationLiteral grace) => state.WithFlag(TrackedVariables.Stale, grace.Amount > 0),
            ("beresp.grace", _) => state.WithFlag(TrackedVariables.Stale, true),
            // varnishd does not let a private object become shared again.
            (TrackedVariables.Uncacheable or "bereq.uncacheable", BooleanLiteral { Value: false }) => state,
            (_, BooleanLiteral literal) => state.WithFlag(TrackedVariables.FlagOf(target.Name), literal.Value),
            ("beresp.ttl", DurationLiteral duration) when set.Operator == AssignmentOperator.Assign =>
                state.WithFlag(TrackedVariables.Fresh, duration.Amount > 0)
                    .WithFlag(TrackedVariables.Momentary, duration.Seconds < 1)
                    .WithFlag(TrackedVariables.Invented, duration.Amount > 0),
            ("beresp.ttl", _) =>
                (state with { Flags = state.Flags.Remove(TrackedVariables.Fresh).Remove(TrackedVariables.Momentary) })
                .WithFlag(TrackedVariables.Invented, !evaluator.Taint.IsOfResponse(state, set.Value)),
            (TrackedVariables.ParsedForEsi or TrackedVariables.VaryIgnored, _) => program.Reads(target.Name)
                ? throw new UnsupportedVclException(set.Span, $"`{target.Name}` is computed, and asked for")
                : state.WithFlag(target.Name, true),
            _ => state with { Flags = state.Flags.Remove(TrackedVariables.FlagOf(target.Name)) },
        };
    }

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
