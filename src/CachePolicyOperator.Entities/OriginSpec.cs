namespace CachePolicyOperator.Entities;

/// <summary>The service behind the cache, and how it resolves a request target.</summary>
public sealed class OriginSpec : SpecPart
{
    /// <summary>The Service of the origin, in the namespace of the policy.</summary>
    public ServicePortSpec? Service { get; set; }

    /// <summary>
    /// How the origin reads paths: an origin profile such as `spring5`, or a list of them, outermost first. `strict` is
    /// the default.
    /// </summary>
    public AnyForm? Profile { get; set; }
}

/// <summary>A Service and one of its ports.</summary>
public sealed class ServicePortSpec : SpecPart
{
    /// <summary>Name of the Service.</summary>
    public string? Name { get; set; }

    /// <summary>Port number of the Service.</summary>
    public long? Port { get; set; }
}
