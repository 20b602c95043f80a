namespace CachePolicyOperator.TestStage;

/// <summary>
/// The manifests of a shop and its cache; which namespace they are for is said when they are applied.
/// </summary>
public static class Storefront
{
    public const string Host = "www.example.com";

    public const string Policy = "storefront";

    public const string Origin = "storefront";

    public const string EntryService = "storefront-entry";

    /// <summary>The Deployment of a cache that the policy does not make.</summary>
    public const string OwnCache = "own-cache";

    /// <summary>The shop: a Deployment and its Service.</summary>
    public static string Shop { get; } =
        $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: storefront}
        spec:
          replicas: 1
          selector: {matchLabels: {app: storefront}}
          template:
            metadata: {labels: {app: storefront}}
            spec:
              containers:
                - name: shop
                  image: example.com/shop:1
                  command: ["{{{Programs.Shop}}}", "--listen", "$(POD_IP):8080"]
                  env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }]
                  ports: [{name: http, containerPort: 8080}]
                  readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 1}
        ---
        {{{OriginService}}}
        """;

    /// <summary>The Service of the shop alone, to make it anew.</summary>
    public static string OriginService => """
        apiVersion: v1
        kind: Service
        metadata: {name: storefront}
        spec:
          selector: {app: storefront}
          ports: [{name: http, port: 8080, targetPort: http}]
        """;

    /// <summary>A policy that is proven: assets and the catalogue are cached, My Page is personal.</summary>
    public static string GoodPolicy(
        string catalogueTtl = "1m", string cache = "managed: {replicas: 2, storage: 64Mi}", string entry = EntryService,
            string onLeak = "NoCache",
        string canary = "{pods: 0}") =>
        $$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CachePolicy
        metadata: {name: {{Policy}}}
        spec:
          hosts: [{{Host}}]
          origin:
            service: {name: {{Origin}}, port: 8080}
          cache:
            {{cache}}
          entrypoints:
            - service: {name: {{entry}}, port: 80}
          guard: {onLeak: {{onLeak}}}
          rollout: {canary: {{canary}}}
          personal:
            routes:
              - {pathPrefix: /mypage}
            identity: {cookies: [session]}
          rules:
            - name: assets
              match: {pathPrefix: /static, extensions: [css, js, png]}
              cache: {ttl: 1h, identity: Ignore}
            - name: catalogue
              match: {path: /funds}
              cache: {ttl: FromOrigin, identity: Ignore, maxTtl: {{catalogueTtl}}}
        """;

    /// <summary>A policy for a cache that is there.</summary>
    public static string AdoptingPolicy(string workload = OwnCache) =>
        GoodPolicy(cache: $"workload: {{kind: Deployment, name: {workload}}}");

    /// <summary>The mistake of 2018: one more rule, and every page is cached.</summary>
    public static string Mistake() =>
        GoodPolicy() +
        """

            - name: everything-faster
              match: {pathPrefix: /}
              cache: {ttl: 10m}
        """;

    /// <summary>
    /// A cache that the team runs itself, as the documentation says: varnishd, agent, the agents' Secret.
    /// </summary>
    /// <param name="portName">Null leaves varnishd's port without a name.</param>
    public static string CacheOfTheirOwn(string name = OwnCache, string? portName = "http") =>
        $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: {{{name}}}}}
          template:
            metadata: {labels: {app: {{{name}}}}}
            spec:
              shareProcessNamespace: true
              readinessGates: [{conditionType: cachepolicy.dev/proven}]
              containers:
                - name: varnish
                  image: example.com/varnish:1
                  command: [varnishd, -F, -a, "http=$(POD_IP):6081,HTTP", -T, "$(POD_IP):6082",
                    -n, /var/lib/varnish/run, -s, "malloc,64M", -b, none]
                  env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }]
                  ports: [{containerPort: 6081{{{(portName is null ? "" : $", name: {portName}")}}}}]
                  volumeMounts: [{name: varnish, mountPath: /var/lib/varnish/run}]
                - name: agent
                  image: {{{Programs.AgentImage}}}
                  args: [--varnish-admin, "$(POD_IP):6082", --secret-file, /var/lib/varnish/run/_.secret,
                    --varnish-name, /var/lib/varnish/run, --listen, "$(POD_IP):8443", --health, "$(POD_IP):8081", --metrics, "$(POD_IP):8082",
                    --certificate, /etc/cachepolicy/tls, --state, /var/lib/cachepolicy]
                  env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP} } }]
                  ports: [{name: agent, containerPort: 8443}, {name: health, containerPort: 8081}]
                  readinessProbe: {httpGet: {path: /readyz, port: health}, periodSeconds: 1}
                  volumeMounts:
                    - {name: varnish, mountPath: /var/lib/varnish/run}
                    - {name: state, mountPath: /var/lib/cachepolicy}
                    - {name: tls, mountPath: /etc/cachepolicy/tls}
              volumes:
                - {name: varnish, emptyDir: {}}
                - {name: state, emptyDir: {}}
                - name: tls
                  secret:
                    secretName: cachepolicy-agents
                    items:
                      - {key: {{{Policy}}}.crt, path: tls.crt}
                      - {key: {{{Policy}}}.key, path: tls.key}
                      - {key: ca.crt, path: ca.crt}
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
