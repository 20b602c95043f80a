using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>Which objects of a kind an informer follows.</summary>
public sealed record InformerOptions<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Only this namespace; null means the operator's own restriction, if it has one, else all.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>
    /// API versions to try in this order; the first that the server serves is used. Empty means the version the type
    /// names. The type must be able to read all of them (it can for EndpointSlice <c>v1</c> and <c>v1beta1</c>).
    /// </summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>
    /// Whether a server that does not serve the kind is no trouble: then there are none, and it is asked again now and
    /// then, for the kind may be installed later.
    /// </summary>
    public bool IsOptional { get; init; }

    /// <summary>
    /// Files every entity under any number of values, for <see cref="IEntityStore{TEntity}.IndexedBy"/>.
    /// </summary>
    public Func<TEntity, IEnumerable<string>>? Index { get; init; }
}
