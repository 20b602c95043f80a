using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>ConfigMaps as the informer last saw them.</summary>
internal sealed class StoreConfigMaps(IEntityStore<V1ConfigMap> store) : IConfigMaps
{
    public IReadOnlyDictionary<string, string>? Find(string inNamespace, string name) =>
        store.Find(new NamespacedName(inNamespace, name)) is not { } found
            ? null
            : found.Data is null ? new Dictionary<string, string>() : found.Data.ToDictionary(StringComparer.Ordinal);
}
