using CachePolicyOperator.Entities.Reading;
using k8s.Models;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>ConfigMaps as they will be when one of them is written.</summary>
internal sealed class ReplacedConfigMap(IConfigMaps stored, V1ConfigMap written) : IConfigMaps
{
    public IReadOnlyDictionary<string, string>? Find(string inNamespace, string name) =>
        (inNamespace, name) == (written.Metadata.NamespaceProperty, written.Metadata.Name)
            ? StoreConfigMaps.TextsOf(written)
            : stored.Find(inNamespace, name);
}
