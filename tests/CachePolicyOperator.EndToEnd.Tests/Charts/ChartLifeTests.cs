using CachePolicyOperator.TestCluster;
using k8s;
using Xunit.Abstractions;

namespace CachePolicyOperator.EndToEnd.Tests.Charts;

/// <summary>What becomes of an installation: the real helm on the real API server.</summary>
[Collection(SharesChartCluster.Name)]
public sealed class ChartLifeTests(ChartCluster cluster, ITestOutputHelper output)
{
    private const string Release = "cache-policy-operator";

    [Theory]
    [InlineData("replicaCount=2")]
    [InlineData("watchNamespace=default,metrics.enabled=false,runAsUser=null")]
    [InlineData(
        "writeNamespaces={default},networkPolicy.enabled=true,networkPolicy.cacheNamespaces={default},logFormat=json")]
    public async Task The_API_server_takes_every_object_of_the_chart(string values)
    {
        using var directory = new TemporaryDirectory("rendered");
        // Of the API server's own version.
        var rendered = await Helm.TemplateAsync("r", "--kube-version", "1.20.4", "--set", values);
        Assert.True(rendered.ExitCode == 0, rendered.Text);
        await File.WriteAllTextAsync(directory.File("all.yaml"),
            rendered.Text.Replace("namespace: cachepolicy-system", "namespace: default", StringComparison.Ordinal));

        var result = await cluster.KubectlAsync("apply", "--dry-run=server", "-f", directory.File("all.yaml"));

        Assert.True(result.ExitCode == 0, result.Text);
        Assert.Contains("deployment.apps/r-cache-policy-operator created (server dry run)", result.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_is_upgraded_from_the_chart_before_rolled_back_and_removed_and_its_webhook_lives_through_it()
    {
        using var earlier = await EarlierChart.BeforeAsync("charts/cache-policy-operator");
        output.WriteLine(earlier.Commit is { } commit ? $"the chart of {commit}" : "no history: the chart as it is");
        var system = await cluster.ControlPlane.CreateNamespaceAsync("system");
        await cluster.Helm.DoAsync("install", Release, earlier.Path, "--namespace", system, "--set", "replicaCount=1");
        await WriteAsOperatorAsync(system);

        await cluster.Helm.DoAsync("upgrade", Release, Repository.Chart, "--namespace", system,
            "--reset-then-reuse-values", "--set", "logLevel=Debug");
        Assert.Equal(1, await ReplicasAsync(system));
        Assert.Equal("Debug", await LogLevelAsync(system));
        await AssertAskedAsync(system);

        await cluster.Helm.DoAsync("rollback", Release, "1", "--namespace", system);
        Assert.Equal("Information", await LogLevelAsync(system));
        await AssertAskedAsync(system);

        await cluster.Helm.DoAsync("uninstall", Release, "--namespace", system, "--wait");
        Assert.Equal("", await LeftAsync(system));
    }

    [Fact]
    public async Task The_kinds_are_upgraded_by_one_command_over_what_helm_installed_long_ago()
    {
        using var earlier = await EarlierChart.BeforeAsync("crds");
        output.WriteLine(earlier.Commit is { } commit ? $"the kinds of {commit}" : "no history: the kinds as they are");
        using var directory = new TemporaryDirectory("crds");
        try
        {
            await cluster.KubectlAsync("delete", "crd", "--all");
            var system = await cluster.ControlPlane.CreateNamespaceAsync("system");
            await cluster.Helm.DoAsync("install", Release, earlier.Path, "--namespace", system, "--set",
                "replicaCount=1");
            await cluster.Helm.DoAsync("uninstall", Release, "--namespace", system);

            var shown = await cluster.Helm.DoAsync("show", "crds", Repository.Chart);
            await File.WriteAllTextAsync(directory.File("crds.yaml"), shown.Text);
            var applied = await cluster.KubectlAsync("apply", "--server-side", "--force-conflicts", "-f",
                directory.File("crds.yaml"));

            Assert.True(applied.ExitCode == 0, applied.Text);
            // Nothing is left to be done: what is there is what the chart has.
            await cluster.InsistAsync("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
            var differs = await cluster.KubectlAsync("diff", "--server-side", "--force-conflicts", "-f",
                directory.File("crds.yaml"));
            Assert.True(differs.ExitCode == 0, differs.Text);
        }
        finally
        {
            await cluster.KubectlAsync("apply", "--server-side", "--force-conflicts", "-f", Repository.Crds);
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Who_deletes_the_operators_namespace_instead_of_the_release_blocks_nobody_and_can_install_again()
    {
        var (system, web) = (await cluster.ControlPlane.CreateNamespaceAsync("system"),
            await cluster.ControlPlane.CreateNamespaceAsync("web"));
        await cluster.Helm.DoAsync("install", Release, Repository.Chart, "--namespace", system, "--set",
            "replicaCount=1");
        await using (var process = await cluster.StartOperatorAsync(
            system, Release, "--webhook-service", Release, "--webhook-configuration", $"{Release}.{system}"))
        {
            await Eventually.TrueAsync(
                "the operator to fill in the chart's webhook",
                async token => (await cluster.Client.AdmissionregistrationV1.ReadValidatingWebhookConfigurationAsync(
                    $"{Release}.{system}", cancellationToken: token)).Webhooks?.Any(
                        w => w.FailurePolicy == "Fail") == true);
        }

        // Nobody answers any more: this is what would block every policy of the cluster.
        await cluster.ApplyAsync(web, Documents.Managed,
            hoped: r => r.Text.Contains("failed calling webhook", StringComparison.Ordinal));
        await cluster.InsistAsync("delete", "namespace", system, "--timeout=60s");

        await cluster.ApplyAsync(web, Documents.Managed);
        await cluster.InsistAsync("create", "namespace", system);
        await cluster.Helm.DoAsync("install", Release, Repository.Chart, "--namespace", system, "--set",
            "replicaCount=1");
        await cluster.Helm.DoAsync("uninstall", Release, "--namespace", system);
        Assert.Equal("", await LeftAsync(system));
    }

    [Fact]
    public async Task People_may_do_with_policies_what_their_role_says_and_no_more()
    {
        var (system, web) = (await cluster.ControlPlane.CreateNamespaceAsync("system"),
            await cluster.ControlPlane.CreateNamespaceAsync("web"));
        await cluster.Helm.DoAsync("install", Release, Repository.Chart, "--namespace", system, "--set",
            "replicaCount=1");
        foreach (var role in new[] { "view", "edit", $"{Release}.{system}.responder", $"{Release}.{system}.reviewer" })
        {
            await cluster.InsistAsync("--namespace", web, "create", "rolebinding", role, $"--clusterrole={role}",
                $"--user={role.Split('.')[^1]}");
        }

        // Kubernetes joins the roles a moment later.
        await Eventually.TrueAsync("the roles to be joined",
            _ => MayAsync("edit", "create", "cachepolicies.cachepolicy.dev"));
        await Eventually.TrueAsync("the roles to be joined",
            _ => MayAsync("view", "list", "cacheincidents.cachepolicy.dev"));
        foreach (var (user, verb, resource, may) in new[]
        {
            ("view", "get", "cachepolicies.cachepolicy.dev", true),
                ("view", "patch", "cachepolicies.cachepolicy.dev", false),
            ("edit", "delete", "cachepolicies.cachepolicy.dev", true),
                ("edit", "create", "personalroutes.cachepolicy.dev", false),
            ("edit", "create", "cachereviews.cachepolicy.dev", false),
                ("edit", "patch", "cacheincidents.cachepolicy.dev", false),
            ("edit", "patch", "cacheincidents.cachepolicy.dev/status", false),
                ("edit", "patch", "cachepolicies.cachepolicy.dev/status", false),
            ("responder", "patch", "cachepolicies.cachepolicy.dev", true), ("responder", "patch", "services", true),
            ("responder", "list", "cacheincidents.cachepolicy.dev", true),
                ("responder", "create", "cachepolicies.cachepolicy.dev", false),
            ("reviewer", "review", "cachepolicies.cachepolicy.dev", true),
                ("reviewer", "create", "cachereviews.cachepolicy.dev", true),
            ("reviewer", "patch", "cachepolicies.cachepolicy.dev", false),
                ("edit", "review", "cachepolicies.cachepolicy.dev", false),
            ("responder", "delete", "services", false), ("responder", "get", "secrets", false),
        })
        {
            Assert.Equal((user, verb, resource, may), (user, verb, resource, await MayAsync(user, verb, resource)));
        }

        await cluster.Helm.DoAsync("uninstall", Release, "--namespace", system);

        async Task<bool> MayAsync(string user, string verb, string resource)
        {
            var (kind, part) = resource.Split('/') is [var whole, var sub] ? (whole, new[] { $"--subresource={sub}" })
                : (resource, []);
            return (await cluster.KubectlAsync(
                ["--namespace", web, "--as", user, "auth", "can-i", verb, kind, .. part])).ExitCode == 0;
        }
    }

    /// <summary>What the operator makes of the chart's webhook, without an operator.</summary>
    private async Task WriteAsOperatorAsync(string system)
    {
        using var directory = new TemporaryDirectory("webhook");
        await File.WriteAllTextAsync(directory.File("webhook.yaml"), $$"""
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: {{Release}}.{{system}}}
            webhooks:
              - name: nobody.cachepolicy.dev
                admissionReviewVersions: [v1]
                sideEffects: None
                clientConfig: {service: {namespace: {{system}}, name: {{Release}}, path: /nobody} }
                rules: [{apiGroups: [nobody.example], apiVersions: [v1], resources: [nothings], operations: [CREATE]}]
            """);
        await cluster.InsistAsync("apply", "--server-side", "--field-manager", "cachepolicy-operator", "-f",
            directory.File("webhook.yaml"));
    }

    private async Task AssertAskedAsync(string system) => Assert.Single(
        (await cluster.Client.AdmissionregistrationV1.ReadValidatingWebhookConfigurationAsync(
            $"{Release}.{system}")).Webhooks);

    private async Task<string> LogLevelAsync(string system) =>
        (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync(Release, system)).Spec.Template.Spec.Containers[
            0].Env
        .Single(e => e.Name == "Logging__LogLevel__Default").Value;

    private async Task<int?> ReplicasAsync(string system) =>
        (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync(Release, system)).Spec.Replicas;

    /// <summary>What of the release is still there, by its name.</summary>
    private async Task<string> LeftAsync(string system)
    {
        var here = await cluster.KubectlAsync(
            "--namespace", system, "get",
                "deployment,service,serviceaccount,role,rolebinding,poddisruptionbudget,networkpolicy,pod", "-l",
            $"app.kubernetes.io/instance={Release}", "-o", "name", "--field-selector", $"metadata.namespace={system}");
        var everywhere = await cluster.KubectlAsync("get",
            "clusterrole,clusterrolebinding,validatingwebhookconfiguration", "-o", "name");
        return string.Join('\n', (here.Text + everywhere.Text).Split('\n')
            .Where(line => line.Contains('/')
                && (here.Text.Contains(line, StringComparison.Ordinal)
                || line.Contains(system, StringComparison.Ordinal))));
    }
}
