using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>A request as it arrives: the target as on the request line, header lines in order.</summary>
public sealed record Request(string Method, string Target, EquatableList<HeaderField> Headers)
{
    /// <summary>The first line of a field, as VCL reads it; null where the field is not there.</summary>
    public string? FirstLineOf(string name) =>
        Headers.Items.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
}
