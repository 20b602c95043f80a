using System.Text;
using System.Text.Json;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;
using k8s;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// Objects of the API server as documents, which the readers understand whole, misspelt fields included.
/// </summary>
internal static class EntityDocuments
{
    public static DocumentResult Of(object entity) =>
        JsonDocuments.Read(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(entity)));

    public static DocumentResult Of(JsonElement json) => JsonDocuments.Read(Encoding.UTF8.GetBytes(json.GetRawText()));

    /// <summary>Runs the reader on the one document, or gives what is wrong with its syntax.</summary>
    public static Examination Examine(DocumentResult read, Func<Document, Examination> examine) =>
        read.Documents.Count == 1 && read.Diagnostics.Items.All(d => d.Severity != Severity.Error)
            ? examine(read.Documents[0])
            : new Examination(null, null, null, read.Diagnostics.Items.ToEquatableList());
}
