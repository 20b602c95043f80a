using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl;

/// <summary>Writes a policy set as VCL with the whole safety floor (DESIGN §5). Deterministic: equal input, equal bytes.</summary>
public static class VclRenderer
{
    public static string Render(PolicySet policies, RenderTarget target) => throw new NotSupportedException();

    /// <summary>The VCL of level <see cref="CacheLevel.Bypassed"/>: passes everything to the origin, edits nothing.</summary>
    public static string RenderBypass(RenderTarget target) => throw new NotSupportedException();
}
