using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>What the origin saw on a path: the backend request as it was when it was sent.</summary>
internal static class SentRequest
{
    public const string Prefix = "bereq.http.";

    /// <summary>A field of the request that was sent, by the name that clients send it under (<c>cookie</c>).</summary>
    public static Field FieldSent(this SymbolicState state, string name) => state.FieldOf(Prefix + name);

    public static Text UrlSent(this SymbolicState state) => state.TextOf("bereq.url");

    public static Text MethodSent(this SymbolicState state) => state.TextOf("bereq.method");

    /// <summary>Whether the body of the client's request is sent, if it has one.</summary>
    public static bool BodyIsSent(this SymbolicState state) => state.Flags.GetValueOrDefault("bereq.body", true);

    /// <summary>The backend that the VCL chose; null where it left that to varnishd.</summary>
    public static Text? BackendSent(this SymbolicState state) =>
        state.Strings.GetValueOrDefault("bereq.backend") ?? state.Strings.GetValueOrDefault("req.backend_hint");

    /// <summary>
    /// What else of a backend request decides how it is answered: the variables that the VCL reads, and who answers.
    /// </summary>
    public static bool IsTreatedAs(this SymbolicState one, SymbolicState other) =>
        one.Treatment().SequenceEqual(other.Treatment());

    /// <summary>Variables that decide how an answer is treated, although no origin is sent them.</summary>
    public static IEnumerable<KeyValuePair<string, Text>> Treatment(this SymbolicState state) => state.Strings
        .Where(s => s.Key is TrackedVariables.Refusal or TrackedVariables.Client
            || (s.Key.StartsWith("bereq.", StringComparison.Ordinal)
            && s.Key is not "bereq.url" and not "bereq.method" and not "bereq.backend"))
        .OrderBy(s => s.Key, StringComparer.Ordinal);

    /// <summary>
    /// Names of the fields that the VCL wrote or restored before the request was sent; not of those that it removed.
    /// </summary>
    public static IEnumerable<string> FieldsWritten(this SymbolicState state) =>
        NamesOf(state.Fields.Where(f => f.Value is not AbsentField).Select(f => f.Key));

    /// <summary>Names of the fields that are not sent alike on all of the paths.</summary>
    public static IReadOnlyList<string> FieldsVarying(IReadOnlyCollection<SymbolicState> paths) =>
    [
        .. paths.SelectMany(p => NamesOf(p.Fields.Keys)).Distinct(StringComparer.Ordinal)
            .Where(name => paths.Select(p => p.FieldSent(name)).Distinct().Skip(1).Any()),
    ];

    /// <summary>Whether both paths look up the same parts and send the same, made of the same inputs.</summary>
    /// <param name="varying">The fields in which they may differ.</param>
    public static bool IsTheSame(SymbolicState one, SymbolicState other, IReadOnlyList<string> varying) =>
        one.Key.SequenceEqual(other.Key) && one.UrlSent() == other.UrlSent() && one.MethodSent() == other.MethodSent()
        && one.BackendSent() == other.BackendSent() && one.IsTreatedAs(other)
        && varying.All(f => one.FieldSent(f) == other.FieldSent(f));

    private static IEnumerable<string> NamesOf(IEnumerable<string> variables) => variables
        .Where(v => v.StartsWith(Prefix, StringComparison.Ordinal)
            || v.StartsWith("req.http.", StringComparison.Ordinal))
        .Select(v => v[(v.IndexOf(".http.", StringComparison.Ordinal) + 6)..])
        .Distinct(StringComparer.Ordinal);
}
