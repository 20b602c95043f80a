namespace CachePolicyOperator.Entities;

/// <summary>Hand-written VCL: `configMap` or `inline`.</summary>
public sealed class VclSpec : SpecPart
{
    /// <summary>
    /// The ConfigMap that holds it. What the VCL includes is found among its other keys, by the last part of the name.
    /// </summary>
    public ConfigMapKeySpec? ConfigMap { get; set; }

    /// <summary>The VCL itself, for a short one that includes nothing.</summary>
    public string? Inline { get; set; }
}
