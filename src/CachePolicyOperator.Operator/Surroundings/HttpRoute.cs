using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>What matters here of an <c>HTTPRoute</c> of the Gateway API: the hosts, and where requests go.</summary>
[KubernetesEntity(Group = HttpRoute.Group, ApiVersion = "v1", Kind = "HTTPRoute", PluralName = HttpRoute.Plural)]
internal sealed class HttpRoute : IKubernetesObject<V1ObjectMeta>, ISpec<HttpRouteSpec>
{
    public const string Group = "gateway.networking.k8s.io";
    public const string Plural = "httproutes";

    public string ApiVersion { get; set; } = $"{Group}/v1";

    public string Kind { get; set; } = "HTTPRoute";

    public V1ObjectMeta Metadata { get; set; } = new();

    public HttpRouteSpec Spec { get; set; } = new();
}

internal sealed class HttpRouteSpec
{
    public IList<string>? Hostnames { get; set; }

    public IList<HttpRouteRule>? Rules { get; set; }
}

internal sealed class HttpRouteRule
{
    public IList<HttpRouteBackend>? BackendRefs { get; set; }
}

internal sealed class HttpRouteBackend
{
    /// <summary>Null is the core group.</summary>
    public string? Group { get; set; }

    /// <summary>Null is a Service.</summary>
    public string? Kind { get; set; }

    public string? Name { get; set; }

    /// <summary>Null is the namespace of the route.</summary>
    public string? Namespace { get; set; }
}
