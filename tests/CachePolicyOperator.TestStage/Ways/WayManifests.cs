namespace CachePolicyOperator.TestStage.Ways;

/// <summary>What is written to get in.</summary>
internal static class WayManifests
{
    public const string ManagedCache = "storefront-cache";

    /// <summary>The same rules as a VCL of the team's own that looks up everything.</summary>
    public static string LeakingVcl(string policy) => $$"""
        {{policy[..policy.IndexOf("  rules:", StringComparison.Ordinal)]}}
          vcl:
            inline: |
              vcl 4.1;
              backend default { .host = "storefront"; .port = "8080"; }
              sub vcl_recv { return (hash); }
        """;

    /// <summary>A policy of another name.</summary>
    public static string Rival(string cache, string entry) => Storefront.GoodPolicy(cache: cache, entry: entry)
        .Replace($"metadata: {{name: {Storefront.Policy}}}", "metadata: {name: rival}", StringComparison.Ordinal)
        .Replace(Storefront.Host, "other.example.com", StringComparison.Ordinal);

    public static string PersonalFunds => $$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: PersonalRoutes
        metadata: {name: privacy}
        spec:
          hosts: [{{Storefront.Host}}]
          routes: [{path: /funds}]
        """;

    public static string Ingress(string service, string annotations = "{}") => $$$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: shop, annotations: {{{annotations}}} }
        spec:
          rules:
            - host: {{{Storefront.Host}}}
              http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: {{{service}}}, port: {number: 80} } } }]}
        """;

    public static string HttpRoute(string service) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: shop}
        spec:
          hostnames: [{{Storefront.Host}}]
          rules: [{backendRefs: [{name: {{service}}, port: 80}]}]
        """;

    public static string NodePort(string selector) => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: wide-open}
        spec:
          type: NodePort
          selector: {{selector}}
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
            - name: v1
              served: true
              storage: true
              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """;

    /// <summary>A varnishd with nothing but its built-in VCL, that nobody proves and nobody watches.</summary>
    public static string Stranger(string labels, string origin) => $$$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: stranger, labels: {{{labels}}} }
        spec:
          terminationGracePeriodSeconds: 1
          containers:
            - name: cache
              image: example.com/varnish:1
              command: [varnishd, -F, -a, "http=$(POD_IP):6081,HTTP", -n, /var/lib/varnish/run, -b, "{{{origin}}}:8080"]
              env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }]
              ports: [{containerPort: 6081, name: http}]
              volumeMounts: [{name: varnish, mountPath: /var/lib/varnish/run}]
          volumes: [{name: varnish, emptyDir: {} }]
        """;

    /// <summary>A cache of the team's own that says whose rollouts are to be judged.</summary>
    public static string Labelled(string manifest) => manifest.Replace(
        $"metadata: {{name: {Storefront.OwnCache}}}\n",
            $"metadata: {{name: {Storefront.OwnCache}, labels: {{cachepolicy.dev/cache: \"true\"}}}}\n",
            StringComparison.Ordinal);

    /// <summary>The same without its agent: another program in its place.</summary>
    public static string WithoutAgent(string manifest)
    {
        var from = manifest.IndexOf("        - name: agent\n", StringComparison.Ordinal);
        var to = manifest.IndexOf("      volumes:\n", from, StringComparison.Ordinal);
        return manifest[..from] + $$"""
                    - name: other
                      image: example.com/other:1
                      command: ["{{Programs.Shop}}", --listen, "$(POD_IP):8081"]
                      env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }]

            """ + manifest[to..];
    }

    public static string WithoutGate(string manifest) =>
        manifest.Replace("readinessGates: [{conditionType: cachepolicy.dev/proven}]", "", StringComparison.Ordinal);

    public static string WithHttp2(string manifest) =>
        manifest.Replace("-b, none]", "-b, none, -p, feature=+http2]", StringComparison.Ordinal);

    public static string HandWrittenPolicy => $$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CachePolicy
        metadata: {name: {{Storefront.Policy}} }
        spec:
          hosts: [{{Storefront.Host}}]
          origin:
            service: {name: {{Storefront.Origin}}, port: 8080}
          cache:
            managed: {replicas: 2, storage: 64Mi}
          entrypoints:
            - service: {name: {{Storefront.EntryService}}, port: 80}
          personal:
            routes:
              - {pathPrefix: /mypage}
            identity: {cookies: [session]}
          rollout: {canary: {pods: 0} }
          vcl: {configMap: {name: hand-written, key: default.vcl} }
        """;

    public static string HandWritten(string cached, bool isLabelled) => $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: hand-written, labels: { {{(isLabelled ? "cachepolicy.dev/vcl: 'true'" : "")}} } }
        data:
          default.vcl: |
            vcl 4.1;
            backend default { .host = "storefront"; .port = "8080"; }
            sub vcl_recv {
                if (req.method != "GET" || req.url !~ "{{cached}}") {
                    return (pass);
                }
                unset req.http.Cookie;
                unset req.http.Authorization;
                return (hash);
            }
        """;
}
