using k8s.Models;

namespace CachePolicyOperator.EndToEnd.Tests.Charts;

public sealed class ChartRenderingTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Helm_finds_nothing_to_complain_about()
    {
        var result = await Helm.LintAsync();

        Assert.True(result.ExitCode == 0, result.Text);
        Assert.Contains("0 chart(s) failed", result.Text);
        Assert.DoesNotContain("[WARNING]", result.Text);
    }

    [Fact]
    public void The_charts_kinds_are_those_of_the_repository()
    {
        static Dictionary<string, string> Read(string directory) =>
            Directory.GetFiles(directory).ToDictionary(f => Path.GetFileName(f), File.ReadAllText);

        // `make chart` writes them.
        Assert.Equal(Read(Repository.Crds), Read(Path.Combine(Repository.Chart, "crds")));
    }

    [Theory]
    [InlineData("replicaCount=0", "/replicaCount")]
    [InlineData("replicaCount=two", "/replicaCount")]
    [InlineData("replicaCount=1.5", "/replicaCount")]
    [InlineData("replicas=3", "replicas")]
    [InlineData("image.repository=", "/image/repository")]
    [InlineData("image.digest=latest", "/image/digest")]
    [InlineData("image.pullPolicy=Sometimes", "/image/pullPolicy")]
    [InlineData("image=null", "image")]
    [InlineData("watchNamespace=Web", "/watchNamespace")]
    [InlineData("watchNamespace=a\\,b", "/watchNamespace")]
    [InlineData("logLevel=debug", "/logLevel")]
    [InlineData("logFormat=xml", "/logFormat")]
    [InlineData("metrics.serviceMonitor.interval=often", "/metrics/serviceMonitor/interval")]
    [InlineData("networkPolicy.cacheNamespaces={Web}", "/networkPolicy/cacheNamespaces/0")]
    [InlineData("fullnameOverride=0", "/fullnameOverride")]
    [InlineData("podDisruptionBudget=null", "podDisruptionBudget")]
    [InlineData("podDisruptionBudget.maxUnavailable=0", "/podDisruptionBudget/maxUnavailable")]
    [InlineData("podDisruptionBudget.maxUnavailable=0%", "/podDisruptionBudget/maxUnavailable")]
    [InlineData("podAnnotations.retries=3", "/podAnnotations/retries")]
    [InlineData("resources.memory=1Gi", "memory")]
    [InlineData("managedCaches.mostStorage=8", "/managedCaches/mostStorage")]
    [InlineData("managedCaches.mostReplicas=0", "/managedCaches/mostReplicas")]
    [InlineData("proofs.waiting=0", "/proofs/waiting")]
    [InlineData("writeNamespaces={Web}", "/writeNamespaces/0")]
    public async Task Values_that_make_no_sense_are_refused_by_name(string value, string named)
    {
        var result = await Helm.TemplateAsync("r", "--set", value);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("don't meet the specifications of the schema", result.Text);
        Assert.Contains(named, result.Text);
    }

    [Theory]
    [InlineData("cache-policy-operator", "cache-policy-operator")]
    [InlineData("prod", "prod-cache-policy-operator")]
    [InlineData("9.lives", "r9-lives-cache-policy-operator")]
    [InlineData("a-release-with-a-name-as-long-as-helm-lets-it-be-1234",
        "a-release-with-a-name-as-long-as-helm-lets-it-be-1234-cache-pol")]
    public async Task Every_release_gets_a_name_that_a_service_may_have(string release, string name)
    {
        var objects = await Helm.RenderAsync(release);

        var service = objects.OfType<V1Service>().Single();
        Assert.Matches("^[a-z][-a-z0-9]{0,61}[a-z0-9]$", service.Metadata.Name);
        Assert.Equal(name, service.Metadata.Name);
        Assert.Contains($"--webhook-service={service.Metadata.Name}", Operator(objects).Args);
    }

    [Fact]
    public async Task Objects_of_the_same_release_name_in_two_namespaces_do_not_meet()
    {
        var here = await Helm.RenderAsync("r", "--namespace", "a-b");
        var there = await Helm.RenderAsync("r-a", "--namespace", "b");

        Assert.NotEqual(
            here.OfType<V1ValidatingWebhookConfiguration>().Single().Metadata.Name,
            there.OfType<V1ValidatingWebhookConfiguration>().Single().Metadata.Name);
        Assert.Empty(here.OfType<V1ClusterRole>().Select(r => r.Metadata.Name)
            .Intersect(there.OfType<V1ClusterRole>().Select(r => r.Metadata.Name)));
    }

    [Theory]
    [InlineData("2", "1.20.4", "apiVersion: policy/v1beta1")]
    [InlineData("2", "1.36.0", "apiVersion: policy/v1\n")]
    [InlineData("2", "v1.27.3-eks-a5565ad", "apiVersion: policy/v1\n")]
    [InlineData("1", "1.36.0", null)]
    public async Task A_budget_is_there_for_several_replicas_in_the_version_of_the_cluster(
        string replicas, string kubernetes, string? written)
    {
        var result = await Helm.TemplateAsync("r", "--set", $"replicaCount={replicas}", "--kube-version", kubernetes);

        Assert.True(result.ExitCode == 0, result.Text);
        Assert.Equal(written is not null, result.Text.Contains("kind: PodDisruptionBudget", StringComparison.Ordinal));
        Assert.Contains(written ?? "", result.Text);
    }

    [Fact]
    public async Task A_kubernetes_too_old_is_refused()
    {
        var result = await Helm.TemplateAsync("r", "--kube-version", "1.19.16");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("requires kubeVersion: >=1.20.0", result.Text);
    }

    [Fact]
    public async Task Every_pod_is_confined_as_the_restricted_standard_asks()
    {
        var objects = await Helm.RenderAsync("r");

        AssertConfined(Pod(objects));
        AssertConfined(objects.OfType<V1Pod>().Single().Spec);
        Assert.Equal("1Gi", Operator(objects).Resources.Limits["memory"].ToString());
    }

    [Fact]
    public async Task A_cluster_may_choose_the_user_itself()
    {
        var pod = Pod(await Helm.RenderAsync("r", "--set", "runAsUser=null"));

        Assert.Null(pod.SecurityContext.RunAsUser);
        Assert.Null(pod.SecurityContext.RunAsGroup);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
    }

    private static void AssertConfined(V1PodSpec pod)
    {
        var container = pod.Containers.Single();
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Null(container.SecurityContext.Privileged);
        Assert.Null(pod.Volumes);
        Assert.Null(pod.HostNetwork);
        Assert.True(container.Resources.Limits.ContainsKey("memory")
            && container.Resources.Requests.ContainsKey("cpu"));
    }

    [Fact]
    public async Task With_a_namespace_to_follow_nothing_but_the_webhook_and_whose_token_it_is_is_granted_cluster_wide()
    {
        var objects = await Helm.RenderAsync("r", "--set", "watchNamespace=web");

        Assert.Equal(
            ["validatingwebhookconfigurations r-cache-policy-operator.cachepolicy-system", "tokenreviews ",
                "namespaces cachepolicy-system"],
            Bound(objects).Rules.Select(r => $"{r.Resources.Single()} {r.ResourceNames?.Single()}"));
        Assert.Contains(objects.OfType<V1Role>(), r => r.Metadata.NamespaceProperty == "web" && r.Rules.Count > 10);
        Assert.Contains(objects.OfType<V1RoleBinding>(), b => b.Metadata.NamespaceProperty == "web");
        Assert.Contains("--watch-namespace=web", Operator(objects).Args);
    }

    [Fact]
    public async Task No_right_is_a_wildcard_and_no_secret_is_read_or_changed_but_by_its_name()
    {
        var objects = await Helm.RenderAsync("r");

        var rules = objects.OfType<V1ClusterRole>().SelectMany(r => r.Rules)
            .Concat(objects.OfType<V1Role>().SelectMany(r => r.Rules)).ToArray();
        Assert.DoesNotContain(rules,
            r => r.Verbs.Contains("*") || r.Resources.Contains("*") || r.ApiGroups.Contains("*"));
        Assert.DoesNotContain(rules.Where(r => r.Resources.Contains("secrets")), r => r.Verbs.Contains("delete"));
        var nameless = rules.Where(r => r.Resources.Contains("secrets") && r.ResourceNames is not { Count: > 0 })
            .ToArray();
        // "create" cannot be bound to a name.
        Assert.All(nameless, r => Assert.Equal(["create"], r.Verbs));
        Assert.DoesNotContain(rules, r => r.ApiGroups.Contains("rbac.authorization.k8s.io"));
    }

    [Fact]
    public async Task With_namespaces_to_write_in_nothing_but_reading_the_webhook_and_questions_is_granted_cluster_wide()
    {
        var objects = await Helm.RenderAsync("r", "--set", "writeNamespaces={web,shop}");

        var everywhere = Bound(objects).Rules
            .Where(r => !r.Resources.Contains("validatingwebhookconfigurations")
                && !r.Resources.Contains("localsubjectaccessreviews") && !r.Resources.Contains("tokenreviews"));
        Assert.All(everywhere, r => Assert.All(r.Verbs, v => Assert.Contains(v, new[] { "get", "list", "watch" })));
        var there = objects.OfType<V1RoleBinding>().Where(b => b.RoleRef.Kind == "ClusterRole").ToArray();
        Assert.Equal(["web", "shop"], there.Select(b => b.Metadata.NamespaceProperty));
        Assert.All(there,
            b => Assert.Contains(objects.OfType<V1ClusterRole>(), r => r.Metadata.Name == b.RoleRef.Name));
    }

    [Fact]
    public async Task Without_managed_caches_no_workload_can_be_written()
    {
        var objects = await Helm.RenderAsync("r", "--set", "managedCaches.enabled=false");

        var rules = objects.OfType<V1ClusterRole>().SelectMany(r => r.Rules)
            .Concat(objects.OfType<V1Role>().SelectMany(r => r.Rules));
        Assert.All(
            rules.Where(r => r.Resources.Contains("deployments") || r.Resources.Contains("poddisruptionbudgets")),
            r => Assert.Equal(["list", "watch"], r.Verbs));
        Assert.Contains("--managed-caches=false", Operator(objects).Args);
    }

    [Fact]
    public async Task Labels_of_a_user_cannot_take_the_pod_away_from_its_service()
    {
        var objects =
            await Helm.RenderAsync("r", "--set", "podLabels.app\\.kubernetes\\.io/name=other,podLabels.team=shop");

        var labels = objects.OfType<V1Deployment>().Single().Spec.Template.Metadata.Labels;
        Assert.Equal("cache-policy-operator", labels["app.kubernetes.io/name"]);
        Assert.Equal("shop", labels["team"]);
    }

    [Theory]
    [InlineData("", "example.org/op:0.1.0")]
    [InlineData("image.tag=9.9", "example.org/op:9.9")]
    [InlineData("image.tag=9.9,image.digest=" + Digest, "example.org/op@" + Digest)]
    public async Task An_image_is_named_by_digest_before_tag_before_version(string values, string image)
    {
        var objects = await Helm.RenderAsync("r", "--set", "image.repository=example.org/op", "--set", values);

        Assert.Equal(image, Operator(objects).Image);
    }

    [Fact]
    public async Task Monitors_are_there_only_where_they_are_asked_for()
    {
        var none = await Helm.TemplateAsync("r");
        var both = await Helm.TemplateAsync(
            "r", "--set",
                "metrics.serviceMonitor.enabled=true,metrics.serviceMonitor.labels.release=prom,metrics.podMonitor.enabled=true");

        Assert.DoesNotContain("monitoring.coreos.com", none.Text, StringComparison.Ordinal);
        Assert.Contains("kind: ServiceMonitor", both.Text, StringComparison.Ordinal);
        Assert.Contains("kind: PodMonitor", both.Text, StringComparison.Ordinal);
        Assert.Contains("release: prom", both.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_metrics_no_port_is_opened_for_them()
    {
        var objects = await Helm.RenderAsync("r", "--set", "metrics.enabled=false,logFormat=json");

        Assert.DoesNotContain(Operator(objects).Ports, p => p.Name == "metrics");
        Assert.DoesNotContain(objects.OfType<V1Service>().Single().Spec.Ports, p => p.Name == "metrics");
        Assert.Contains("--metrics-listen=none", Operator(objects).Args);
        Assert.Contains("--log-format=json", Operator(objects).Args);
    }

    [Theory]
    [InlineData("1.20.4", false)]
    [InlineData("1.36.0", true)]
    public async Task Network_policies_let_in_who_must_reach_each_port_and_the_agent_is_the_operators_alone(
        string kubernetes, bool byName)
    {
        var objects = await Helm.RenderAsync(
            "r", "--kube-version", kubernetes, "--set",
                "replicaCount=1,networkPolicy.enabled=true,networkPolicy.cacheNamespaces={web,shop}",
            "--set-json", """networkPolicy.metricsFrom=[{"podSelector":{"matchLabels":{"app":"prometheus"}}}]""");

        var policies = objects.OfType<V1NetworkPolicy>().ToArray();
        var own = policies.Single(p => p.Metadata.NamespaceProperty == "cachepolicy-system").Spec;
        Assert.All(own.PodSelector.MatchLabels,
            l => Assert.Contains(l, objects.OfType<V1Deployment>().Single().Spec.Template.Metadata.Labels));
        Assert.Equal(
            Operator(objects).Ports.Select(p => $"{p.ContainerPort}").Order(),
            own.Ingress.SelectMany(i => i.Ports).Select(p => p.Port.Value).Order());
        Assert.Equal(["web", "shop"],
            policies.Select(p => p.Metadata.NamespaceProperty).Where(n => n != "cachepolicy-system"));
        foreach (var caches in policies.Where(p => p.Metadata.NamespaceProperty != "cachepolicy-system")
            .Select(p => p.Spec))
        {
            // varnishd's command line is not among them.
            Assert.Equal(["6081", "8081", "8082", "8443"],
                caches.Ingress.SelectMany(i => i.Ports).Select(p => p.Port.Value).Order());
            var agent = caches.Ingress.Single(i => i.Ports.Any(p => p.Port.Value == "8443")).FromProperty.Single();
            Assert.Equal(own.PodSelector.MatchLabels, agent.PodSelector.MatchLabels);
            Assert.Equal(byName, agent.NamespaceSelector.MatchLabels is not null);
            Assert.Single(caches.Ingress.Single(i => i.Ports.Any(p => p.Port.Value == "8082")).FromProperty);
        }
    }

    private static V1ClusterRole Bound(IReadOnlyList<object> objects) => objects.OfType<V1ClusterRole>()
        .Single(r => r.Metadata.Name == objects.OfType<V1ClusterRoleBinding>().Single().RoleRef.Name);

    private static V1PodSpec Pod(IReadOnlyList<object> objects) =>
        objects.OfType<V1Deployment>().Single().Spec.Template.Spec;

    private static V1Container Operator(IReadOnlyList<object> objects) => Pod(objects).Containers.Single();
}
