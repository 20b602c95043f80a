using System.Text;
using CachePolicyOperator.Entities.Documents;
using k8s;
using YamlDotNet.Serialization;

namespace CachePolicyOperator.Entities.Tests;

/// <summary>Objects as a user writes them.</summary>
internal static class Written
{
    /// <summary>A policy without a mistake; what follows the fields of its spec.</summary>
    public const string Policy = """
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CachePolicy
        metadata: {name: storefront, namespace: web}
        spec:
          hosts: [www.example.com]
          origin: {service: {name: storefront, port: 8080}}
          cache: {workload: {kind: Deployment, name: storefront-cache}}
          entrypoints: [{service: {name: storefront-entry, port: 80}}]
          personal: {routes: [{pathPrefix: /mypage}], identity: {cookies: [session]}}

        """;

    public static Document Document(string yaml)
    {
        var read = YamlDocuments.Read(Encoding.UTF8.GetBytes(yaml), "policy.yaml");
        Assert.Empty(read.Diagnostics.Items);
        return Assert.Single(read.Documents.Items);
    }

    /// <summary>The object as a client of the API server reads it.</summary>
    public static T Entity<T>(string yaml)
    {
        var read = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize(yaml);
        return KubernetesJson.Deserialize<T>(new SerializerBuilder().JsonCompatible().Build().Serialize(read));
    }

    /// <summary>The policy with <paramref name="rules"/> as its rules, indented by two.</summary>
    public static Document WithRules(string rules) => Document(Policy + "  rules:\n" + rules);
}
