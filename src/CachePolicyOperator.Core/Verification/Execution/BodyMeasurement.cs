using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>
/// What varnishd says of the length of a request's body: once it has read all of one that came in chunks, it knows.
/// </summary>
internal static class BodyMeasurement
{
    private const string NotModelled = "what varnishd says of the length of a body that it read is not modelled";

    /// <summary>The length that the origin is told.</summary>
    public static Input LengthSent { get; } = Input.OfBackendField("content-length");

    /// <summary>The path behind <c>std.cache_req_body</c>.</summary>
    public static SymbolicState Measured(SymbolicState state, FunctionCall call, ProgramFacts program,
        Evaluator evaluator)
    {
        foreach (var name in TrackedVariables.BodyLength.Where(program.Names))
        {
            (var any, state) = evaluator.Unknown(state, call, [name], NotModelled);
            state = state.With(name, new AnyField((AnyText)any)).Forgetting(name);
        }

        return state;
    }

    /// <summary>Refuses a call within an expression, where the VCL looks at the length.</summary>
    /// <exception cref="UnsupportedVclException">It does.</exception>
    public static void Check(FunctionCall call, ProgramFacts program)
    {
        if (program.Vmods.IsStd(call, "cache_req_body") && TrackedVariables.BodyLength.Any(program.Names))
        {
            throw new UnsupportedVclException(call.Span, NotModelled);
        }
    }
}
