using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>What calls of vmods other than cookie, as statements, make of a state.</summary>
internal sealed class CallStatements(ProgramFacts program, Evaluator evaluator, Solver solver)
{
    /// <summary>The state behind a call.</summary>
    /// <exception cref="UnsupportedVclException">Its effect is not known.</exception>
    public SymbolicState Run(SymbolicState state, FunctionCall call)
    {
        if (program.Vmods.IsStd(call, "collect"))
        {
            return Collect(state, call);
        }

        if (program.Vmods.IsStd(call, "rollback"))
        {
            return Rollback(state, call);
        }

        Variable[] fields =
            [.. call.Arguments.Items.Select(a => a.Value).OfType<Variable>().Where(v => v.Header is not null)];
        if (program.Vmods.Of(call) == "header" && fields.Length > 0
            && VmodCalls.FunctionOf(call) is "append" or "copy" or "remove")
        {
            // `copy` writes into its second argument, the others into their first one.
            var (any, next) = evaluator.Unknown(state, call, evaluator.Taint.Of(state, call),
                "what this call leaves of the field is not modelled");
            return fields.Aggregate(next, (s, field) =>
                s.With(Input.Of(field), new AnyField((AnyText)any)).Forgetting(Input.Of(field)));
        }

        if (program.Vmods.Of(call) == "std" && !VmodFacts.HarmlessStatements.Contains(VmodCalls.FunctionOf(call)))
        {
            throw new UnsupportedVclException(call.Span, $"the effect of `{call.Name}` is not known");
        }

        if (program.Vmods.IsStd(call, "cache_req_body"))
        {
            return BodyMeasurement.Measured(state, call, program, evaluator);
        }

        evaluator.CheckCalls(call);
        if (program.Vmods.IsObjectOf(call, "directors"))
        {
            throw new UnsupportedVclException(call.Span, $"what `{call.Name}` makes of the directors is not modelled");
        }

        return state;
    }

    // All lines become one. Of a field as it arrived, that one is an input of its own.
    private SymbolicState Collect(SymbolicState state, FunctionCall call)
    {
        if (LineSeparators.FieldIn(call) is not { } header)
        {
            throw new UnsupportedVclException(call.Span, "what is collected is not known");
        }

        var collected = Input.Of(header);

        // Behind what the VCL wrote there, varnishd wrote a line of its own.
        var isComputed = call.Arguments.Count > 1
            && (call.Arguments[1].Value is not StringLiteral separator || !solver.Values.Accepts(separator.Value));
        var isNoCookie = collected.FieldName == RequestFields.Cookie
            && program.Separators.Of(RequestFields.Cookie) is null;
        if (isComputed || isNoCookie
            || (collected == Input.NumberSentBy(program.Engine) && state.FieldOf(collected) is WrittenField))
        {
            // What is written between the lines may say anything.
            (var any, state) = evaluator.Unknown(state, call, evaluator.Taint.Of(state, call),
                isNoCookie ? "lines of cookies are joined by something else than `;` or `,`, or by both"
                : "lines are joined by something that is computed");
            return state.With(collected, new AnyField((AnyText)any with { Bound = Language.All }))
                .Forgetting(collected);
        }

        return state.FieldOf(collected) is InputField { Input: { IsOneLine: false } input }
            ? state.With(collected, new InputField(input.AllLines)).Forgetting(collected)
            : state;
    }

    // Brings the client's request back, with the fields that were unset.
    private static SymbolicState Rollback(SymbolicState state, FunctionCall call)
    {
        if (call.Arguments is not [{ Value: var what }] || what.Span.Text != "req")
        {
            throw new UnsupportedVclException(call.Span, "a rollback of the backend request is not modelled");
        }

        return state.RolledBack();
    }
}
