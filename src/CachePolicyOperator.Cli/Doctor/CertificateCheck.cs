using CachePolicyOperator.Cli.Cluster;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>The Secrets by which agents and operator know each other, where you may read them.</summary>
internal static class CertificateCheck
{
    private const string Area = "certificates";
    private const string Name = "cachepolicy-agents";

    public static async Task<IReadOnlyList<Finding>> RunAsync(
        Examination examination, CancellationToken cancellationToken)
    {
        var cluster = examination.Cluster;
        var answer = await examination.Server.AskAsync(
            cluster.Everywhere
                ? $"api/v1/secrets?fieldSelector=metadata.name%3D{Name}"
                : $"api/v1/namespaces/{Uri.EscapeDataString(cluster.Namespace)}/secrets?fieldSelector=metadata.name%3D{Name}",
            null, cancellationToken);
        if (!answer.IsWell)
        {
            return [Finding.Note(Area,
                $"you may not read the Secret `{Name}`; the metric "
                    + "`cachepolicy_agent_certificate_expiry_timestamp_seconds` tells as much")];
        }

        return
        [
            .. from secret in answer.Items
               let data = secret.At("data")
               where data.ValueKind == System.Text.Json.JsonValueKind.Object
               from file in data.EnumerateObject()
               where file.Name.EndsWith(".crt", StringComparison.Ordinal)
                   && file.Value.ValueKind == System.Text.Json.JsonValueKind.String
               from finding in Certificates.Judge(
                   Area, $"{secret.Text("metadata", "namespace")}/{Name} {file.Name}", file.Value.GetBytesFromBase64(),
                       examination.Time)
               select finding,
        ];
    }
}
