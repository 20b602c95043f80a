using CachePolicyOperator.Entities.Attributes;

namespace CachePolicyOperator.Entities;

/// <summary>One aspect of the state of an object, as Kubernetes writes it everywhere.</summary>
public sealed class Condition
{
    /// <summary>The aspect, for example `Proven`.</summary>
    [Required]
    public string? Type { get; set; }

    /// <summary>`True`, `False` or `Unknown`.</summary>
    [Required]
    public string? Status { get; set; }

    /// <summary>Generation of the spec that this was found for.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>When `status` last changed (RFC 3339).</summary>
    public string? LastTransitionTime { get; set; }

    /// <summary>Why, as one word in CamelCase.</summary>
    public string? Reason { get; set; }

    /// <summary>Why, for a person.</summary>
    public string? Message { get; set; }
}
