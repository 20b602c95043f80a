using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>
/// The inputs that values of expressions tell something about: by what they are made of, and by what decided that they
/// are.
/// </summary>
internal sealed class TaintAnalysis(ProgramFacts program, Evaluator evaluator, Solver solver)
{
    /// <summary>Every input that the value of the expression may tell something about.</summary>
    public IEnumerable<Input> Of(SymbolicState state, Expression expression) =>
        expression.WithNested().SelectMany(part => part switch
    {
        Variable { Header: not null } header => evaluator.FieldOf(state, header).Read().Taint,
        Variable variable when Input.Of(variable) is { AsOfThisRequest: { IsOfRequestLine: true } line } top =>
            OfTop(top, line, state.TextOf(line).Taint),
        Variable variable => state.TextOf(Input.Of(variable)).Taint,
        FunctionCall call => OfState(state, call),
        _ => [],
    });

    /// <summary>
    /// All that may have decided which way was taken, where the expression reads what the VCL set to this on one way
    /// and may have set to that on another.
    /// </summary>
    public IEnumerable<Input> ImplicitInputsOf(SymbolicState state, Expression expression) =>
        expression.WithNested().Any(e => e switch
        {
            Variable { Header: not null } header => evaluator.FieldOf(state, header) is not InputField,
            Variable variable when Input.Of(variable) is var text && Evaluator.IsTextVariable(text) =>
                state.TextOf(text) is not InputText,
            Variable variable when Input.Of(variable) is var typed =>
                state.Strings.ContainsKey(typed) && !program.IsSetFirst(typed),
            FunctionCall call =>
                program.Vmods.Of(call) == VmodFacts.Cookie && state.TextOf(TrackedVariables.Jar) != Text.Empty,
            _ => false,
        })
            ? solver.ImplicitInputsOf(state)
            : [];

    /// <summary>Whether nothing but the origin's answer decides the value, and it does.</summary>
    public bool IsOfResponse(SymbolicState state, Expression expression)
    {
        var taint = Of(state, expression).ToArray();
        return taint.Any(i => i.IsOfAnswer) && taint.All(i => i.IsOfAnswer || !i.IsOfField);
    }

    /// <summary>What a call reads that is none of its arguments; null where that is nothing.</summary>
    public Text? StateRead(SymbolicState state, FunctionCall call) => program.Vmods.Of(call) switch
    {
        VmodFacts.Cookie => state.TextOf(TrackedVariables.Jar),
        _ when program.Vmods.ReadsUrl(call) => state.TextOf(TrackedVariables.BackendUrl),
        _ when OfState(state, call).Any() =>
            new AnyText(Language.All, [Input.Anything],
            new OverApproximation(call.Span, "what this call reads is not modelled"), UnknownId.ReadByCall),
        _ => null,
    };

    /// <summary>What a field of the request tells that a fragment belongs to.</summary>
    // It is this request as it is now, or another client's request, with all that the VCL wrote into it.
    public EquatableList<Input> OfTop(SymbolicState state, Input field) =>
        OfTop(field, field, state.FieldOf(field).Read().Taint);

    private EquatableList<Input> OfTop(Input top, Input variable, IEnumerable<Input> now) =>
        now.Append(top).Concat(program.Writes(variable) ? [Input.Anything] : [])
            .Distinct().Order().ToEquatableList();

    // The cookie vmod keeps the cookies that it parsed; others keep anything.
    private IEnumerable<Input> OfState(SymbolicState state, FunctionCall call) => program.Vmods.Of(call) switch
    {
        VmodFacts.Cookie when CookieJar.Tells(VmodCalls.FunctionOf(call)) => state.TextOf(TrackedVariables.Jar).Taint,
        // What was wrong with a ban is told in its own words.
        "std" when VmodCalls.FunctionOf(call) == "ban_error" => [Input.Anything],
        // The certificate of the client, among others; what was matched before.
        _ when program.Vmods.Remembers(call) => [Input.Anything],
        _ when program.Vmods.ReadsUrl(call) => state.TextOf(TrackedVariables.BackendUrl).Taint,
        _ => [],
    };
}
