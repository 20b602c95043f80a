using CachePolicyOperator.Core;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests;

/// <summary>The ConfigMaps among some documents.</summary>
internal sealed class ConfigMapsOf(EquatableList<Document> documents) : IConfigMaps
{
    public IReadOnlyDictionary<string, string>? Find(string inNamespace, string name) =>
        documents.Items
            .FirstOrDefault(d => d.Kind == "ConfigMap" && d.Name == name && (d.Namespace ?? "default") == inNamespace)
            ?.Root.Find("data")?.Fields.ToDictionary(f => f.Name, f => f.Value.Text);
}
