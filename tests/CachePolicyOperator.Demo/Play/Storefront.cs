namespace CachePolicyOperator.Demo.Play;

/// <summary>The manifests of the play.</summary>
internal static class Storefront
{
    public const string Namespace = "web";

    public const string Host = "www.example.com";

    public const string Policy = "storefront";

    public const string EntryService = "storefront-entry";

    /// <summary>The shop: a Deployment and its Service.</summary>
    public static string Shop(string executable) =>
        $$$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{{Namespace}}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: storefront, namespace: {{{Namespace}}}}
        spec:
          replicas: 1
          selector: {matchLabels: {app: storefront}}
          template:
            metadata: {labels: {app: storefront}}
            spec:
              containers:
                - name: shop
                  image: example.com/shop:1
                  command: ["{{{executable}}}", "shop", "--listen", "$(POD_IP):8080"]
                  env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }]
                  ports: [{name: http, containerPort: 8080}]
                  readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: storefront, namespace: {{{Namespace}}}}
        spec:
          selector: {app: storefront}
          ports: [{name: http, port: 8080, targetPort: http}]
        """;

    /// <summary>A policy that is proven: assets and the catalogue are cached, My Page is personal.</summary>
    public static string GoodPolicy(string catalogueTtl = "1m") =>
        $$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CachePolicy
        metadata: {name: {{Policy}}, namespace: {{Namespace}}}
        spec:
          hosts: [{{Host}}]
          origin:
            service: {name: storefront, port: 8080}
          cache:
            managed: {replicas: 2, storage: 64Mi}
          entrypoints:
            - service: {name: {{EntryService}}, port: 80}
          personal:
            routes:
              - {pathPrefix: /mypage}
            identity: {cookies: [session]}
          rules:
            - name: assets
              match: {pathPrefix: /static, extensions: [css, js, png]}
              cache: {ttl: 1h}
            - name: catalogue
              match: {path: /funds}
              cache: {ttl: FromOrigin, maxTtl: {{catalogueTtl}}}
        """;

    /// <summary>The mistake of 2018: one more rule, and every page is cached.</summary>
    public static string Mistake() =>
        GoodPolicy() +
        """

            - name: everything-faster
              match: {pathPrefix: /}
              cache: {ttl: 10m}
        """;

    /// <summary>The same mistake as VCL, for those who go around the operator.</summary>
    public static string LeakingVcl(string originHost, int originPort) =>
        $$"""
        vcl 4.1;

        backend origin { .host = "{{originHost}}"; .port = "{{originPort}}"; }

        sub vcl_recv {
            # Everything faster.
            if (req.method == "GET") {
                return (hash);
            }
            return (pass);
        }

        sub vcl_backend_response {
            set beresp.ttl = 10m;
            return (deliver);
        }
        """;
}
