namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>Manifests of the play: a shop, its cache, and what is written about them.</summary>
internal static class Manifests
{
    public const string Assets =
        "{name: assets, match: {pathPrefix: /static, extensions: [css, js, png]}, cache: {ttl: 1h}}";
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

    /// <summary>The cache's Deployment as docs/adopt.md says it.</summary>
    public static string CacheWithAgent() => """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: storefront-cache, labels: {cachepolicy.dev/cache: "true"}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: storefront-cache}}
          template:
            metadata: {labels: {app: storefront-cache}}
            spec:
              readinessGates: [{conditionType: cachepolicy.dev/proven}]
              containers:
                - name: varnish
                  image: example.com/varnish:7.7
                  command: [varnishd, -F, -a, "http=$(POD_IP):6081,HTTP", -T, "$(POD_IP):6082", -n, /run/varnish, -b, none]
                - name: agent
                  image: example.com/cachepolicy-agent:0.1.0
                  args: [--varnish-admin, "$(POD_IP):6082"]
              volumes:
                - name: tls
                  secret:
                    secretName: cachepolicy-agents
                    items: [{key: storefront.crt, path: tls.crt}, {key: storefront.key, path: tls.key}, {key: ca.crt, path: ca.crt}]
        """;

    public static string Ingress(string service, string annotations = "{}") => $$$$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: shop, annotations: {{{{annotations}}}}}
        spec:
          rules:
            - host: www.example.com
              http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: {{{{service}}}}, port: {number: 80} } } }]}
        """;

    public static string HttpRoute(string service) => $$"""
        apiVersion: gateway.networking.k8s.io/v1beta1
        kind: HTTPRoute
        metadata: {name: shop}
        spec:
          hostnames: [www.example.com]
          rules: [{backendRefs: [{name: {{service}}, port: 80}]}]
        """;

    /// <summary>Cache pods by a Service that is no entry.</summary>
    public static string Around(string type = "ClusterIP") => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: direct}
        spec:
          type: {{type}}
          selector: {app: storefront-cache}
          ports: [{port: 80, targetPort: http}]
        """;

    /// <summary>As much of the Gateway API as a server needs to keep its routes.</summary>
    public const string GatewayApi = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: httproutes.gateway.networking.k8s.io
          annotations: {api-approved.kubernetes.io: "unapproved, of a test"}
        spec:
          group: gateway.networking.k8s.io
          scope: Namespaced
          names: {plural: httproutes, singular: httproute, kind: HTTPRoute, listKind: HTTPRouteList}
          versions:
            - name: v1beta1
              served: true
              storage: true
              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """;
}
