using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>Takes a <c>List</c>, as <c>kubectl get -o yaml</c> writes it, apart.</summary>
internal static class KubernetesLists
{
    public static IEnumerable<Document> Unfold(Document document) =>
        document.Kind?.EndsWith("List", StringComparison.Ordinal) == true
            && document.Root.Find("items") is { Kind: NodeKind.List } items
            ? items.Items.Select(i => document with { Root = i })
            : [document];

    /// <summary>The document, in <paramref name="inNamespace"/> where it names none itself.</summary>
    public static Document InNamespace(this Document document, string? inNamespace)
    {
        if (inNamespace is null || document.Namespace is not null
            || document.Root.Find("metadata") is not { Kind: NodeKind.Map } metadata)
        {
            return document;
        }

        var named = metadata with
        {
            Fields = [.. metadata.Fields,
                new DocumentField("namespace", new DocumentNode(NodeKind.Text, inNamespace, metadata.Line),
                    metadata.Line)],
        };
        return document with
        {
            Root = document.Root with
            {
                Fields = [.. document.Root.Fields.Select(f => f.Name == "metadata" ? f with { Value = named } : f)],
            },
        };
    }
}
