namespace CachePolicyOperator.EndToEnd.Tests.Charts;

/// <summary>What people apply in these tests.</summary>
internal static class Documents
{
    /// <summary>The application that is to be cached.</summary>
    public const string Origin = """
        apiVersion: v1
        kind: Service
        metadata: {name: shop}
        spec:
          selector: {app: shop}
          ports: [{port: 8080}]
        """;

    public const string PersonalRoutes = """
        apiVersion: cachepolicy.dev/v1alpha1
        kind: PersonalRoutes
        metadata: {name: privacy}
        spec:
          hosts: [www.example.com]
          routes: [{pathPrefix: /statements}]
          identity: {cookies: [session]}
        """;

    /// <summary>Gone as soon as it is carried out.</summary>
    public const string Invalidation = """
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CacheInvalidation
        metadata: {name: everything}
        spec: {policy: shop, all: true, ttlSecondsAfterFinished: 0}
        """;

    public const string Review = """
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CacheReview
        metadata: {name: unasked}
        spec: {policy: shop, digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", verdict: Approved}
        """;

    /// <summary>A cache that the operator makes itself, with all that a team may add to its pods.</summary>
    public static string Managed { get; } = Policy(
        """
        managed:
              replicas: 1
              pods:
                labels: {example.com/team: web}
                annotations: {example.com/pager: "on"}
                nodeSelector: {example.com/pool: edge}
                tolerations: [{key: example.com/edge, operator: Exists, effect: NoExecute, tolerationSeconds: 60}]
                priorityClassName: system-cluster-critical
                imagePullSecrets: [registry]
                resources: {requests: {cpu: 1500m, memory: 1Gi}, limits: {cpu: 2}}
                env: [{name: TZ, value: Asia/Tokyo}]
                files: [{configMap: pages, path: /etc/varnish/pages}, {secret: names, path: /srv/names}]
        """, "/static");

    /// <summary>A cache that somebody else runs.</summary>
    public static string Adopted { get; } = Policy("workload: {kind: Deployment, name: shop-cache}", "/static");

    /// <summary>One rule too wide: it would keep one customer's page for the next.</summary>
    public static string Mistake { get; } = Policy("managed: {replicas: 1}", "/");

    private static string Policy(string cache, string prefix) => $$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: CachePolicy
        metadata: {name: shop}
        spec:
          hosts: [www.example.com]
          origin:
            service: {name: shop, port: 8080}
          cache:
            {{cache}}
          entrypoints:
            - service: {name: shop-entry, port: 80}
          personal:
            routes: [{pathPrefix: /mypage}]
            identity: {cookies: [session]}
          rollout: {canary: {pods: 0} }
          rules:
            - name: assets
              match: {pathPrefix: {{prefix}}}
              cache: {ttl: 1h}
        """;
}
