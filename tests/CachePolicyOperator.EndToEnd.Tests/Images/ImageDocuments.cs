namespace CachePolicyOperator.EndToEnd.Tests.Images;

/// <summary>What people apply in the tests that run pods in images.</summary>
internal static class ImageDocuments
{
    /// <summary>The files that the policy of <see cref="Charts.Documents.Managed"/> has in its cache pods.</summary>
    public const string Files = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: pages}
        data: {sorry.html: "back soon"}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: names}
        stringData: {names.txt: "www.example.com"}
        """;

    /// <summary>
    /// A shop that answers with a number that is never the same, out of a cache's image as well: it needs no program of
    /// its own.
    /// </summary>
    public static string Shop(string image) => $$$"""
        apiVersion: v1
        kind: Service
        metadata: {name: shop}
        spec:
          selector: {app: shop}
          ports: [{port: 8080}]
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: shop}
        data:
          shop.vcl: |
            vcl 4.1;
            backend none none;
            sub vcl_recv { return (synth(200)); }
            sub vcl_synth {
                set resp.http.Content-Type = "text/css";
                set resp.http.Cache-Control = "public, max-age=600";
                set resp.body = "answer " + resp.http.X-Varnish + resp.http.X-Vinyl;
                return (deliver);
            }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop}
        spec:
          selector: {matchLabels: {app: shop}}
          template:
            metadata: {labels: {app: shop}}
            spec:
              automountServiceAccountToken: false
              securityContext: {runAsNonRoot: true, runAsUser: 1234567, seccompProfile: {type: RuntimeDefault}}
              containers:
                - name: shop
                  image: {{{image}}}
                  args: [-F, -a, "0.0.0.0:8080", -f, /etc/shop/shop.vcl, -n, /run/shop]
                  ports: [{containerPort: 8080}]
                  securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
                  volumeMounts:
                    - {name: vcl, mountPath: /etc/shop}
                    - {name: run, mountPath: /run/shop}
                    - {name: scratch, mountPath: /tmp}
              volumes:
                - {name: vcl, configMap: {name: shop}}
                - {name: run, emptyDir: {}}
                - {name: scratch, emptyDir: {}}
        """;
}
