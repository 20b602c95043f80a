using System.Text;

namespace CachePolicyOperator.TestCluster;

/// <summary>Writes kubeconfig files that hold everything they need.</summary>
internal static class Kubeconfig
{
    public static string WithCertificate(Uri server, string authority, CertificatePair identity) =>
        Write(server, authority,
            $$"""{"client-certificate-data": "{{Base64(identity.Certificate)}}", "client-key-data": "{{Base64(identity.Key)}}"}""");

    public static string WithToken(Uri server, string authority, string token) =>
        Write(server, authority, $$"""{"token": "{{token}}"}""");

    private static string Write(Uri server, string authority, string user) =>
        $$"""
          apiVersion: v1
          kind: Config
          current-context: test
          clusters:
          - name: test
            cluster: {"server": "{{server.GetLeftPart(UriPartial.Authority)}}", "certificate-authority-data": "{{Base64(authority)}}"}
          contexts:
          - name: test
            context: {"cluster": "test", "user": "test"}
          users:
          - name: test
            user: {{user}}

          """;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
