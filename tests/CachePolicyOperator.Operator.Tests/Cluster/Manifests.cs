namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>Manifests of the play: a shop, its cache, and what is written about them.</summary>
internal static class Manifests
{
    public const string Assets = "{name: assets, match: {pathPrefix: /static, extensions: [css, js, png]}, cache: {ttl: 1h}}";
    public const string Catalogue = "{name: catalogue, match: {regex: \"^/funds(/[0-9]+)?$\"}, cache: {ttl: 10m}}";

    /// <summary>The mistake of 2018: one rule too wide.</summary>
    public const string Everything = "{name: everything, match: {pathPrefix: /}, cache: {ttl: 10m}}";

    public static string Policy(params string[] rules) => $$$$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CachePolicy
        metadata: {name: storefront}
        spec:
          hosts: [www.example.com]
          origin: {service: {name: storefront, port: 8080}}
          cache: {workload: {kind: Deployment, name: storefront-cache}}
          entrypoints: [{service: {name: storefront-entry, port: 80}}]
          personal:
            routes: [{pathPrefix: /mypage}]
            identity: {cookies: [session]}
          rollout: {canary: {pods: 0}}
          rules: [{{{{string.Join(", ", rules)}}}}]
        """;

    /// <summary>A policy whose revisions one pod tries before the others.</summary>
    public static string Tried(params string[] rules) => Policy(rules)
        .Replace("{canary: {pods: 0}}", "{canary: {pods: 1, probes: 100, window: 10s}}", StringComparison.Ordinal);

    /// <summary>A policy of another name and workload that answers for the same host.</summary>
    public static string Rival() => Policy(Assets)
        .Replace("metadata: {name: storefront}", "metadata: {name: storefront-rival}", StringComparison.Ordinal)
        .Replace("storefront-cache", "rival-cache", StringComparison.Ordinal)
        .Replace("storefront-entry", "rival-entry", StringComparison.Ordinal);

    public static string PersonalRoutes(string route) => $$$$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: PersonalRoutes
        metadata: {name: privacy}
        spec:
          hosts: [www.example.com]
          routes: [{{{{route}}}}]
        """;

    public const string Origin = """
        apiVersion: v1
        kind: Service
        metadata: {name: storefront}
        spec:
          selector: {app: shop}
          ports: [{name: web, port: 8080, targetPort: 9000}]
        """;

    public const string Slice = """
        apiVersion: discovery.k8s.io/v1beta1
        kind: EndpointSlice
        metadata: {name: storefront-1, labels: {kubernetes.io/service-name: storefront}}
        addressType: IPv4
        endpoints: [{addresses: [10.1.2.3], conditions: {ready: true}}]
        ports: [{name: web, port: 9000, protocol: TCP}]
        """;

    public const string Workload = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: storefront-cache}
        spec:
          replicas: 2
          selector: {matchLabels: {app: storefront-cache}}
          template:
            metadata: {labels: {app: storefront-cache}}
            spec: {containers: [{name: varnish, image: varnish}]}
        """;
}
