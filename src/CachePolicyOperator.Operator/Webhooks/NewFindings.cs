using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Runtime.Webhooks;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Refuses what is new in an object of others and leads around what is proven. What was there before is only warned of:
/// an edit of something else must get in.
/// </summary>
internal static class NewFindings
{
    /// <param name="headline">What is wrong with what is new.</param>
    public static ValidationResult Answer(IEnumerable<Diagnostic> old, IEnumerable<Diagnostic> next, string headline)
    {
        var known = old.Select(d => d.ToString()).ToHashSet(StringComparer.Ordinal);
        var found = next.ToArray();
        var refused = found.Where(d => d.Severity == Severity.Error && !known.Contains(d.ToString())).ToArray();
        var warnings = found.Except(refused).Select(AdmissionText.Line);
        return refused.Length == 0
            ? ValidationResult.Success(warnings)
            : ValidationResult.Fail(AdmissionText.Refusal(headline, refused)).WithWarnings(warnings);
    }
}
