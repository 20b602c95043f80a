namespace CachePolicyOperator.Core.Diagnostics;

/// <summary>
/// A concrete request that shows a diagnostic: the target exactly as on the request line (bytes outside
/// printable ASCII as <c>\xNN</c>), and the header fields that matter, in order, duplicates kept.
/// </summary>
public sealed record Witness(string Method, string Target, EquatableList<HeaderField> Headers)
{
    /// <summary>
    /// The header fields of the origin's answer that matter, where the diagnostic is about what is stored.
    /// </summary>
    public EquatableList<HeaderField> Response { get; init; } = [];

    public static Witness Get(string target, params ReadOnlySpan<HeaderField> headers) =>
        new("GET", target, EquatableList.Create(headers));

    public override string ToString() =>
        Headers.Count == 0
            ? $"`{Method} {Target}`"
            : $"`{Method} {Target}` with {string.Join(", ", Headers.Items.Select(h => $"`{h.Name}: {h.Value}`"))}";
}

/// <summary>One header field line.</summary>
public sealed record HeaderField(string Name, string Value);
