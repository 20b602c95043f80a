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
    public IEnumerable<string> Of(SymbolicState state, Expression expression) =>
        expression.WithNested().SelectMany(part => part switch
    {
        Variable { Header: not null } header => evaluator.FieldOf(state, header).Read().Taint,
        Variable { Name: "req_top.url" or "req_top.method" or "req_top.proto" } top =>
            OfTop(top.Name, top.Name[..3] + top.Name[7..], state.TextOf(top.Name[..3] + top.Name[7..]).Taint),
        Variable variable => state.TextOf(variable.Name).Taint,
        FunctionCall call => OfState(state, call),
        _ => [],
    });

    /// <summary>
    /// All that may have decided which way was taken, where the expression reads what the VCL set to this on one way
    /// and may have set to that on another.
    /// </summary>
    public IEnumerable<string> ImplicitInputsOf(SymbolicState state, Expression expression) =>
        expression.WithNested().Any(e => e switch
        {
            Variable { Header: not null } header => evaluator.FieldOf(state, header) is not InputField,
            Variable variable when Evaluator.IsTextVariable(variable) => state.TextOf(variable.Name) is not InputText,
            Variable variable => state.Strings.ContainsKey(variable.Name),
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
        return taint.Any(IsResponse)
            && taint.All(s => IsResponse(s) || !s.Contains(".http.", StringComparison.Ordinal));

        static bool IsResponse(string input) => input.StartsWith("beresp.", StringComparison.Ordinal);
    }

    /// <summary>What a call reads that is none of its arguments; null where that is nothing.</summary>
    public Text? StateRead(SymbolicState state, FunctionCall call) => program.Vmods.Of(call) switch
    {
        VmodFacts.Cookie => state.TextOf(TrackedVariables.Jar),
        "var" or "proxy" or "std" when OfState(state, call).Any() =>
            new AnyText(Language.All, [TrackedVariables.Anything],
            new OverApproximation(call.Span, "what this call reads is not modelled"), Number: -5),
        _ when program.Vmods.ReadsUrl(call) => state.TextOf("bereq.url"),
        _ => null,
    };

    /// <summary>What a field of the request tells that a fragment belongs to.</summary>
    // It is this request as it is now, or another client's request, with all that the VCL wrote into it.
    public EquatableList<string> OfTop(SymbolicState state, string field) =>
        OfTop(field, field, state.FieldOf(field).Read().Taint);

    private EquatableList<string> OfTop(string top, string variable, IEnumerable<string> now) =>
        now.Append(top).Concat(program.Writes(variable) ? [TrackedVariables.Anything] : [])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableList();

    // The cookie vmod keeps the cookies that it parsed; var keeps anything.
    private IEnumerable<string> OfState(SymbolicState state, FunctionCall call) => program.Vmods.Of(call) switch
    {
        VmodFacts.Cookie when CookieJar.Tells(VmodCalls.FunctionOf(call)) => state.TextOf(TrackedVariables.Jar).Taint,
        "var" => [TrackedVariables.Anything],
        // What was wrong with a ban is told in its own words.
        "std" when VmodCalls.FunctionOf(call) == "ban_error" => [TrackedVariables.Anything],
        // The certificate of the client, among others.
        "proxy" => [TrackedVariables.Anything],
        _ when program.Vmods.ReadsUrl(call) => state.TextOf("bereq.url").Taint,
        _ => [],
    };
}
