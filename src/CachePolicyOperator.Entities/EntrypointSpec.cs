namespace CachePolicyOperator.Entities;

/// <summary>One thing that the fallback switches: exactly one of `service`, `ingress` and `httpRoute`.</summary>
public sealed class EntrypointSpec : SpecPart
{
    /// <summary>A Service that the operator owns; its selector flips between cache and origin.</summary>
    public ServicePortSpec? Service { get; set; }

    /// <summary>An existing Ingress whose backends are rewritten.</summary>
    public NamedSpec? Ingress { get; set; }

    /// <summary>An existing HTTPRoute of the Gateway API whose backends are rewritten.</summary>
    public NamedSpec? HttpRoute { get; set; }
}

/// <summary>An object of the same namespace, by name.</summary>
public sealed class NamedSpec : SpecPart
{
    /// <summary>Name of the object.</summary>
    public string? Name { get; set; }
}
