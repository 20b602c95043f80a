using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>The ConfigMaps among the documents that were given.</summary>
internal sealed class GivenConfigMaps(IEnumerable<Document> documents) : IConfigMaps
{
    private readonly Dictionary<(string, string), Dictionary<string, string>> _data = documents
        .Where(d => d is { ApiVersion: "v1", Kind: "ConfigMap", Name: not null })
        .GroupBy(d => (d.Namespace ?? "default", d.Name!))
        .ToDictionary(g => g.Key, g => Data(g.First()));

    public IReadOnlyDictionary<string, string>? Find(string inNamespace, string name) =>
        _data.GetValueOrDefault((inNamespace, name));

    private static Dictionary<string, string> Data(Document document) =>
        (document.Root.Find("data")?.Fields ?? [])
        .Where(f => f.Value.Kind == NodeKind.Text)
        .ToDictionary(f => f.Name, f => f.Value.Text, StringComparer.Ordinal);
}
