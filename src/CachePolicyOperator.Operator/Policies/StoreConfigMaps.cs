using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>ConfigMaps as the informer last saw them.</summary>
internal sealed class StoreConfigMaps(IEntityStore<V1ConfigMap> store) : IConfigMaps
{
    public IReadOnlyDictionary<string, string>? Find(string inNamespace, string name) =>
        store.Find(new NamespacedName(inNamespace, name)) is { } found ? TextsOf(found) : null;

    /// <summary>What a ConfigMap holds that is text, by key.</summary>
    public static IReadOnlyDictionary<string, string> TextsOf(V1ConfigMap map) =>
        map.Data?.ToDictionary(StringComparer.Ordinal) ?? [];
}
