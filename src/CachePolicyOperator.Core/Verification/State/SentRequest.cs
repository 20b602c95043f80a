using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>What the origin saw on a path: the backend request as it was when it was sent.</summary>
internal static class SentRequest
{
    /// <summary>What was sent of a field of the client's request.</summary>
    public static Field FieldSent(this SymbolicState state, Input field) => state.FieldOf(field.OfBackendRequest);

    public static Text UrlSent(this SymbolicState state) => state.TextOf(TrackedVariables.BackendUrl);

    public static Text MethodSent(this SymbolicState state) => state.TextOf(TrackedVariables.BackendMethod);

    /// <summary>Whether the body of the client's request is sent, if it has one.</summary>
    public static bool BodyIsSent(this SymbolicState state) => state.Flags.GetValueOrDefault(Flag.Body, true);

    /// <summary>The backend that the VCL chose; null where it left that to varnishd.</summary>
    public static Text? BackendSent(this SymbolicState state) =>
        state.Strings.GetValueOrDefault(TrackedVariables.Backend)
            ?? state.Strings.GetValueOrDefault(TrackedVariables.BackendHint);

    /// <summary>
    /// What else of a backend request decides how it is answered: the variables that the VCL reads, and who answers.
    /// </summary>
    public static bool IsTreatedAs(this SymbolicState one, SymbolicState other) =>
        one.Treatment().SequenceEqual(other.Treatment());

    /// <summary>Variables that decide how an answer is treated, although no origin is sent them.</summary>
    public static IEnumerable<KeyValuePair<Input, Text>> Treatment(this SymbolicState state) =>
        state.Strings.Where(s => IsTreatment(s.Key));

    /// <summary>
    /// The fields that the VCL wrote or restored before the request was sent, as of the client's request; not those
    /// that it removed.
    /// </summary>
    public static IEnumerable<Input> FieldsWritten(this SymbolicState state) =>
        AsOfClient(state.Fields.Where(f => f.Value is not AbsentField).Select(f => f.Key));

    /// <summary>The fields, as of the client's request, that are not sent alike on all of the paths.</summary>
    public static IReadOnlyList<Input> FieldsVarying(IReadOnlyCollection<SymbolicState> paths) =>
    [
        .. paths.SelectMany(p => AsOfClient(p.Fields.Keys)).Distinct()
            .Where(field => paths.Select(p => p.FieldSent(field)).Distinct().Skip(1).Any()),
    ];

    /// <summary>Whether both paths look up the same parts and send the same, made of the same inputs.</summary>
    /// <param name="varying">The fields in which they may differ.</param>
    public static bool IsTheSame(SymbolicState one, SymbolicState other, IReadOnlyList<Input> varying) =>
        one.Key.SequenceEqual(other.Key) && one.UrlSent() == other.UrlSent() && one.MethodSent() == other.MethodSent()
        && one.BackendSent() == other.BackendSent() && one.IsTreatedAs(other)
        && varying.All(f => one.FieldSent(f) == other.FieldSent(f));

    private static bool IsTreatment(Input variable) =>
        variable == TrackedVariables.Refusal || variable == TrackedVariables.Client
        || (variable.IsOfBackendRequest && variable != TrackedVariables.BackendUrl
            && variable != TrackedVariables.BackendMethod && variable != TrackedVariables.Backend);

    private static IEnumerable<Input> AsOfClient(IEnumerable<Input> variables) => variables
        .Where(v => v.IsOfField && (v.IsOfBackendRequest || v.IsOfClient)).Select(v => v.OfClientRequest).Distinct();
}
