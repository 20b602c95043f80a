namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>What the origin saw on a path: the backend request as it was when it was sent.</summary>
internal static class Sent
{
    public const string Prefix = "bereq.http.";

    /// <summary>A field of the request that was sent, by the name that clients send it under (<c>cookie</c>).</summary>
    public static Field FieldSent(this PathState state, string name) => state.FieldOf(Prefix + name);

    public static Text UrlSent(this PathState state) => state.TextOf("bereq.url");

    public static Text MethodSent(this PathState state) => state.TextOf("bereq.method");

    /// <summary>The backend that the VCL chose; null where it left that to varnishd.</summary>
    public static Text? BackendSent(this PathState state) =>
        state.Strings.GetValueOrDefault("bereq.backend") ?? state.Strings.GetValueOrDefault("req.backend_hint");

    /// <summary>Names of the fields that the VCL wrote, removed or restored before the request was sent.</summary>
    public static IEnumerable<string> FieldsWritten(this PathState state) => state.Fields.Keys
        .Where(f => f.StartsWith(Prefix, StringComparison.Ordinal) || f.StartsWith("req.http.", StringComparison.Ordinal))
        .Select(f => f[(f.IndexOf(".http.", StringComparison.Ordinal) + 6)..])
        .Distinct(StringComparer.Ordinal);

    /// <summary>Whether both paths look up the same parts and send the same, made of the same inputs.</summary>
    public static bool IsTheSame(PathState one, PathState other) =>
        one.Key.SequenceEqual(other.Key) && one.UrlSent() == other.UrlSent() && one.MethodSent() == other.MethodSent()
        && one.BackendSent() == other.BackendSent()
        && one.FieldsWritten().Union(other.FieldsWritten()).All(f => one.FieldSent(f) == other.FieldSent(f));
}
