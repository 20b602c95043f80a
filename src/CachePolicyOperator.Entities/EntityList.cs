using k8s;
using k8s.Models;

namespace CachePolicyOperator.Entities;

/// <summary>A page of objects of one kind, as the API server lists them.</summary>
public abstract class EntityList<TEntity> : IKubernetesObject<V1ListMeta>, IItems<TEntity>
    where TEntity : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = ApiGroup.NameAndVersion;

    public string Kind { get; set; } = $"{typeof(TEntity).Name}List";

    public V1ListMeta Metadata { get; set; } = new();

    public IList<TEntity> Items { get; set; } = [];
}

/// <summary>A page of policies.</summary>
public sealed class CachePolicyList : EntityList<CachePolicy>;

/// <summary>A page of declarations of personal routes.</summary>
public sealed class PersonalRoutesList : EntityList<PersonalRoutes>;

/// <summary>A page of reviews.</summary>
public sealed class CacheReviewList : EntityList<CacheReview>;

/// <summary>A page of invalidations.</summary>
public sealed class CacheInvalidationList : EntityList<CacheInvalidation>;

/// <summary>A page of incidents.</summary>
public sealed class CacheIncidentList : EntityList<CacheIncident>;
