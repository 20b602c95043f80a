using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests.Reading;

public sealed class PodsReaderTests
{
    [Fact]
    public void What_a_team_adds_to_its_pods_is_read()
    {
        var pods = Pods("""
            labels: {example.com/team: web}
            annotations: {sidecar.istio.io/inject: "false", note: "as ordered: yes"}
            nodeSelector: {pool: edge, empty: ""}
            tolerations: [{key: edge, value: "yes"}, {operator: Exists, effect: NoExecute, tolerationSeconds: 60}]
            priorityClassName: high
            imagePullSecrets: [registry]
            resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 1.5, memory: 2000000000}}
            env: [{name: TZ, value: Asia/Tokyo}, {name: VCL_SITE, value: a $(b)}]
            files: [{configMap: pages, path: /etc/varnish/pages/}, {secret: names, path: /srv/names}]
            """);

        Assert.Equal(
            new PodSettings
            {
                Labels = [new("example.com/team", "web")],
                Annotations = [new("sidecar.istio.io/inject", "false"), new("note", "as ordered: yes")],
                NodeSelector = [new("pool", "edge"), new("empty", "")],
                Tolerations = [new("edge", "Equal", "yes", null, null), new(null, "Exists", null, "NoExecute", 60)],
                PriorityClass = "high",
                ImagePullSecrets = ["registry"],
                Requests = new(500, 1L << 30),
                Limits = new(1_500, 2_000_000_000),
                Environment = [new("TZ", "Asia/Tokyo"), new("VCL_SITE", "a $$(b)")],
                Files = [new(FilesSource.ConfigMap, "pages", "/etc/varnish/pages"),
                    new(FilesSource.Secret, "names", "/srv/names")],
            },
            Assert.IsType<ManagedWorkload>(pods.Value!.Cache).Pods);
    }

    [Fact]
    public void Nothing_is_added_where_nothing_is_said() =>
        Assert.Equal(PodSettings.None, Assert.IsType<ManagedWorkload>(Pods("").Value!.Cache).Pods);

    [Theory]
    [InlineData("labels: {app: web}", "labels.app", "label/reserved", "example.com/app")]
    [InlineData("labels: {app.kubernetes.io/name: web}", "labels.app.kubernetes.io/name", "label/reserved",
        "around the entry")]
    [InlineData("labels: {cachepolicy.dev/entry: web}", "labels.cachepolicy.dev/entry", "label/reserved",
        "prefix of yours")]
    [InlineData("labels: {example.com/team: a b}", "labels.example.com/team", "value/invalid", "63 letters")]
    [InlineData("nodeSelector: {a/b/c: d}", "nodeSelector.a/b/c", "name/invalid", "63 letters")]
    [InlineData("nodeSelector: {pool: 1}", "nodeSelector.pool", "field/type", "quotes")]
    [InlineData("nodeSelector: [pool]", "nodeSelector", "field/type", "name: value")]
    [InlineData("annotations: {cachepolicy.dev/applied: x}", "annotations.cachepolicy.dev/applied", "label/reserved",
        "remove")]
    [InlineData("tolerations: [{value: a}]", "tolerations[0]", "field/conflict", "operator: Exists")]
    [InlineData("tolerations: [{key: a, operator: Exists, value: a}]", "tolerations[0]", "field/conflict",
        "remove `value`")]
    [InlineData("tolerations: [{key: a, tolerationSeconds: 5}]", "tolerations[0]", "field/conflict", "effect")]
    [InlineData("tolerations: [{key: a, effect: NoRun}]", "tolerations[0].effect", "field/choice", "NoSchedule")]
    [InlineData("env: [{name: LD_PRELOAD, value: /srv/x.so}]", "env[0].name", "env/not-allowed", "VCL_")]
    [InlineData("env: [{name: PATH, value: /srv}]", "env[0].name", "env/not-allowed", "std.getenv")]
    [InlineData("env: [{name: VCL_A, value: a}, {name: VCL_A, value: b}]", "env[1]", "name/duplicate", "remove")]
    [InlineData("files: [{configMap: a, secret: b, path: /srv/a}]", "files[0]", "field/conflict", "the one")]
    [InlineData("files: [{path: /srv/a}]", "files[0]", "field/missing", "the one")]
    [InlineData("files: [{configMap: a, path: /usr/lib/varnish/vmods}]", "files[0].path", "files/path", "/etc/varnish")]
    [InlineData("files: [{configMap: a, path: /srv/../usr}]", "files[0].path", "files/path", "/srv")]
    [InlineData("files: [{configMap: a, path: /srv}]", "files[0].path", "files/path", "/srv")]
    [InlineData("files: [{configMap: a, path: /srv/a}, {secret: b, path: /srv/a/}]", "files[1]", "name/duplicate",
        "another directory")]
    [InlineData("resources: {limits: {cpu: lots}}", "resources.limits.cpu", "resources/invalid", "500m")]
    [InlineData("resources: {limits: {memory: 300Mi}}", "resources.limits.memory", "resources/too-small", "384Mi")]
    [InlineData("resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}", "resources", "field/conflict", "no more")]
    [InlineData("imagePullSecrets: [A]", "imagePullSecrets[0]", "name/invalid", "lower-case")]
    [InlineData("hostNetwork: true", "hostNetwork", "field/unknown", "")]
    public void What_is_no_teams_to_add_or_no_pod_of_Kubernetes_is_told(
        string pods, string path, string code, string help)
    {
        var read = Pods(pods);

        Assert.Null(read.Value);
        Assert.Contains(read.Diagnostics.Items, d =>
            d.Code == code && d.Path == $"spec.cache.managed.pods.{path}"
                && (d.Help ?? "").Contains(help, StringComparison.Ordinal));
    }

    private static ReadResult<Policy> Pods(string pods) => PolicyReader.Read(
        Written.Document(
            $"{Written.Policy.Replace("  cache: {workload: {kind: Deployment, name: storefront-cache}}\n", "", StringComparison.Ordinal)}  cache:\n    managed:\n      storage: 256Mi\n      {(pods.Length == 0 ? "" : $"pods:\n        {pods.ReplaceLineEndings("\n        ")}")}\n  rules: []\n"),
        NoConfigMaps.Instance);
}
