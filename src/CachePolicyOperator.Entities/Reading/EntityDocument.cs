using System.Text;
using CachePolicyOperator.Entities.Documents;
using k8s;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// An entity as a document again, so that there is one reader for objects of a watch, of a webhook and of a file.
/// </summary>
internal static class EntityDocument
{
    /// <summary>Null, with diagnostics, where the entity is larger than what is read.</summary>
    public static Document? Of(object entity, Findings findings)
    {
        var read = JsonDocuments.Read(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(entity)));
        foreach (var problem in read.Diagnostics.Items)
        {
            findings.Add(problem);
        }

        return read.Documents.Count == 0 ? null : read.Documents[0];
    }
}
