using System.Text.Json;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.EndToEnd.Tests.Rights;

/// <summary>The API server's own record of what service accounts asked and what they were answered.</summary>
internal sealed class AuditLog : IDisposable
{
    private const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
          - level: Metadata
            userGroups: ["system:serviceaccounts"]
          - level: None
        """;

    private readonly TemporaryDirectory _directory = new("audit");

    public AuditLog() => File.WriteAllText(_directory.File("policy.yaml"), Policy);

    /// <summary>Flags for the API server.</summary>
    public IReadOnlyList<string> Flags =>
        [$"--audit-policy-file={_directory.File("policy.yaml")}", $"--audit-log-path={_directory.File("audit.log")}"];

    /// <summary>All that the account asked for so far.</summary>
    public async Task<IReadOnlyList<ApiCall>> CallsAsync(string space, string account)
    {
        using var reader = new StreamReader(
            new FileStream(_directory.File("audit.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = (await reader.ReadToEndAsync()).Split('\n');
        // The last one is empty, or being written.
        return [.. lines[..^1].Select(line => Read(line, $"system:serviceaccount:{space}:{account}"))
            .OfType<ApiCall>()];
    }

    public void Dispose() => _directory.Dispose();

    private static ApiCall? Read(string line, string user)
    {
        using var document = JsonDocument.Parse(line);
        var record = document.RootElement;
        if (record.GetProperty("user").GetProperty("username").GetString() != user
            || !record.TryGetProperty("objectRef", out var target))
        {
            return null;
        }

        string? Text(string name) => target.TryGetProperty(name, out var value) ? value.GetString() : null;
        var parts = new[] { Text("apiGroup"), Text("resource"), Text("subresource") };
        return new ApiCall(
            record.GetProperty("verb").GetString()!,
            string.Join('/', parts.OfType<string>()),
            Text("name") ?? "",
            Text("namespace") ?? "",
            record.TryGetProperty("responseStatus", out var status) && status.TryGetProperty("code", out var code)
                ? code.GetInt32() : 0);
    }
}
