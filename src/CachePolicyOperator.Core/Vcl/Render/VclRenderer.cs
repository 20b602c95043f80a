using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Writes a policy set as VCL with the whole safety floor (DESIGN §5). Deterministic: equal input, equal bytes.
/// </summary>
public static class VclRenderer
{
    /// <summary>
    /// The VCL of the rules of a policy set. What the model refuses (a host or header name that is none, a NUL in a
    /// regular expression) is an <see cref="ArgumentException"/> here.
    /// </summary>
    public static string Render(PolicySet policies, RenderTarget target) => RevisionText.Write(policies, target);

    /// <summary>Whether a text is what <see cref="Render"/> wrote, or an edited copy that keeps its head.</summary>
    public static bool IsRendered(string text) => RevisionText.IsRendered(text);

    /// <summary>
    /// The VCL of level <see cref="CacheLevel.Bypassed"/>: passes everything to the origin of its rule, edits nothing.
    /// </summary>
    public static string RenderBypass(PolicySet policies, RenderTarget target)
    {
        ArgumentNullException.ThrowIfNull(policies);
        return BypassText.Write(policies.Policy, target);
    }
}
