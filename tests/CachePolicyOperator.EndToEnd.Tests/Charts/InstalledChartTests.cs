using System.Text.Json;
using CachePolicyOperator.EndToEnd.Tests.Rights;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.EndToEnd.Tests.Charts;

[Collection(SharesChartCluster.Name)]
public sealed class InstalledChartTests(ChartCluster cluster)
{
    private const string Release = "cache-policy-operator";

    /// <summary>
    /// Rights that this story does not need, or only by chance; RightsTests plays what needs them.
    /// </summary>
    private static readonly string[] OfOtherStories =
    [
        "patch configmaps", "delete configmaps", "patch configmaps cachepolicy-denied-revisions (own namespace)",
        "create configmaps (own namespace)",
        "patch events",
        "patch pods/status",
        "update secrets cachepolicy-operator-keys (own namespace)",
        "get cachepolicy.dev/cacheincidents",
        "patch policy/poddisruptionbudgets",
        "create cachepolicy.dev/cacheinvalidations", "create authentication.k8s.io/tokenreviews",
    ];

    [Fact]
    public async Task Installed_with_helm_the_operator_does_all_its_work_with_the_rights_of_the_chart_and_leaves_nothing_that_blocks()
    {
        var (system, web) = (await cluster.ControlPlane.CreateNamespaceAsync("system"),
            await cluster.ControlPlane.CreateNamespaceAsync("web"));
        await using var kubelet = await StartKubeletAsync(system);

        await kubelet.ExplainAsync(async () => await InstallAsync(system, web));
        await kubelet.ExplainAsync(() => AwaitLeaderAsync(system));
        await kubelet.ExplainAsync(() => AwaitWebhookAsync(system));
        var tested = await cluster.Helm.DoAsync("test", Release, "--namespace", system, "--timeout", "60s");
        Assert.Contains("Phase:          Succeeded", tested.Text, StringComparison.Ordinal);

        await cluster.ApplyAsync(web, Documents.Origin);
        // The request that would leak is in the answer: the API server reached the operator by the chart's Service.
        await cluster.ApplyAsync(web, Documents.Mistake,
            hoped: r => r.ExitCode != 0 && r.Text.Contains("/mypage", StringComparison.Ordinal));

        await cluster.ApplyAsync(web, Documents.PersonalRoutes);
        await cluster.ApplyAsync(web, Documents.Managed);
        await kubelet.ExplainAsync(() => AwaitWorkAsync(web));
        await AssertLetInAsync(web);
        await cluster.InsistAsync("--namespace", web, "annotate", "--overwrite", "cachepolicy", "shop",
            $"{PolicyAnnotations.Fallback}=NoCache");
        await kubelet.ExplainAsync(() => AwaitFallbackAsync(web));

        await cluster.ApplyAsync(web, Documents.Invalidation);
        await Eventually.TrueAsync("the invalidation to be complete and removed", async token =>
            (await cluster.KubectlAsync("--namespace", web, "get", "cinv", "everything",
                "--ignore-not-found")).Text.Trim().Length == 0);

        await cluster.ApplyAsync(web, Documents.Review);
        await Eventually.TrueAsync("the review to be answered", async token =>
            (await cluster.KubectlAsync("--namespace", web, "get", "creview", "unasked", "-o",
                "jsonpath={.status.conditions[0].reason}")).Text.Trim() == "NoReviewer");

        await AssertRightsAsync(system);

        await cluster.Helm.DoAsync("uninstall", Release, "--namespace", system, "--wait");
        await Eventually.TrueAsync(
            "the operator's pods to go", async token =>
                (await cluster.Client.CoreV1.ListNamespacedPodAsync(system,
                cancellationToken: token)).Items.Count == 0);
        // The operator had until now to make it again.
        var webhooks = await cluster.Client.AdmissionregistrationV1.ListValidatingWebhookConfigurationAsync();
        Assert.DoesNotContain(webhooks.Items, w => w.Metadata.Name.EndsWith(system, StringComparison.Ordinal));
        // Nobody answers any more, and nobody is asked: what was built serves on, and policies can be changed and
        // removed.
        await cluster.ApplyAsync(web, Documents.Managed.Replace("ttl: 1h", "ttl: 2h", StringComparison.Ordinal));
        await cluster.Client.CoreV1.ReadNamespacedServiceAsync("shop-entry", web);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("configmaps")]
    [InlineData("cachepolicies/status")]
    [InlineData("leases")]
    public async Task Without_one_rule_of_the_chart_nothing_is_proven_and_with_it_again_everything_is(string resource)
    {
        var (system, web) = (await cluster.ControlPlane.CreateNamespaceAsync("system"),
            await cluster.ControlPlane.CreateNamespaceAsync("web"));
        await cluster.Helm.DoAsync("install", Release, Repository.Chart, "--namespace", system, "--set",
            $"watchNamespace={web}");
        await cluster.ApplyAsync(web, Documents.Origin);
        await cluster.ApplyAsync(web, Documents.Adopted);
        var whole = await TakeAsync(system, web, resource);
        await using var process = await cluster.StartOperatorAsync(
            system, Release, "--watch-namespace", web,
            // It would ask about the policies of the other tests, too.
            "--webhook-configuration", "none");

        await ExplainAsync(process, Eventually.TrueAsync(
            $"the operator to be refused {resource}",
            async _ =>
                (await cluster.Audit.CallsAsync(system, Release))
                .Any(c => c.Code == 403 && c.Resource.EndsWith(resource, StringComparison.Ordinal))));
        Assert.False(await cluster.IsProvenAsync(web, CancellationToken.None));

        await cluster.Client.RbacAuthorizationV1.ReplaceNamespacedRoleAsync(whole, whole.Metadata.Name,
            whole.Metadata.NamespaceProperty);
        await ExplainAsync(process,
            Eventually.TrueAsync("the policy to be proven", token => cluster.IsProvenAsync(web, token)));
        // As it was asked for.
        Assert.All(process.Lines,
            line => Assert.Contains("\"Timestamp\":\"2", JsonDocument.Parse(line).RootElement.GetRawText(),
            StringComparison.Ordinal));
        await cluster.Helm.DoAsync("uninstall", Release, "--namespace", system);
    }

    private async Task<TestKubelet> StartKubeletAsync(string system) =>
        await TestKubelet.StartAsync(cluster.ControlPlane, new TestKubeletOptions
        {
            // Cache pods are not run: what is made for them is enough here.
            Namespace = system,
            Images = new Dictionary<string,
            IReadOnlyList<string>>
            { ["ghcr.io/cachepolicy-dev/cachepolicy-operator:"] = [Repository.Operator] },
            // The container has a root file system that is read-only and no volumes: there is nowhere to write.
            Environment = new Dictionary<string, string> { ["HOME"] = "/nonexistent", ["TMPDIR"] = "/nonexistent" },
        });

    private async Task InstallAsync(string system, string web)
    {
        await cluster.Helm.DoAsync("install", Release, Repository.Chart, "--namespace", system, "--set",
            $"networkPolicy.cacheNamespaces={{{web}}}");
        await Eventually.TrueAsync(
            "both replicas to be ready",
            async token =>
                (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync(Release, system,
                cancellationToken: token)).Status.ReadyReplicas == 2);
    }

    /// <summary>
    /// The chart's network policy is of the pods that the operator makes, and of each port that they open.
    /// </summary>
    private async Task AssertLetInAsync(string web)
    {
        var policy =
            Assert.Single((await cluster.Client.NetworkingV1.ListNamespacedNetworkPolicyAsync(web)).Items).Spec;
        var pods = (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("shop-cache", web)).Spec.Template;
        Assert.Empty(policy.PodSelector.MatchLabels.Except(pods.Metadata.Labels));
        Assert.Equal(
            pods.Spec.Containers.SelectMany(c => c.Ports).Select(p => $"{p.ContainerPort}").Order(),
            policy.Ingress.SelectMany(i => i.Ports).Select(p => p.Port.Value).Order());
    }

    private Task AwaitLeaderAsync(string system) => Eventually.TrueAsync(
        "one of them to hold the lease",
        async token =>
            await cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync("cachepolicy-operator", system,
            cancellationToken: token)
            is { Spec.HolderIdentity.Length: > 0 });

    private Task AwaitWebhookAsync(string system) => Eventually.TrueAsync(
        "the operator to fill in the chart's webhook",
        async token =>
            (await cluster.Client.AdmissionregistrationV1.ReadValidatingWebhookConfigurationAsync($"{Release}.{system}",
            cancellationToken: token))
            is { Webhooks: [{ ClientConfig: { CaBundle.Length: > 0, Service: { Name: Release } } }, ..] } webhooks
            // It goes with the namespace, and helm still knows it for its own.
            && webhooks.Metadata.OwnerReferences is [{ Kind: "Namespace" } owner] && owner.Name == system
            && webhooks.Metadata.Labels["app.kubernetes.io/managed-by"] == "Helm");

    private async Task AwaitWorkAsync(string web)
    {
        await Eventually.TrueAsync("the policy to be proven", token => cluster.IsProvenAsync(web, token));
        await Eventually.TrueAsync(
            "the objects of the policy",
            async token =>
            {
                var maps = await cluster.Client.CoreV1.ListNamespacedConfigMapAsync(web, cancellationToken: token);
                var made = await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("shop-cache", web,
                    cancellationToken: token);
                Assert.Equal("edge", made.Spec.Template.Spec.NodeSelector["example.com/pool"]);
                await cluster.Client.CoreV1.ReadNamespacedServiceAsync("shop-cache", web, cancellationToken: token);
                await cluster.Client.CoreV1.ReadNamespacedServiceAsync("shop-entry", web, cancellationToken: token);
                await cluster.Client.CoreV1.ReadNamespacedSecretAsync("cachepolicy-agents", web,
                    cancellationToken: token);
                var budgets =
                    await cluster.KubectlAsync("--namespace", web, "get", "poddisruptionbudget", "shop-cache");
                return maps.Items.Any(m => m.Metadata.Name == "shop-in-force") && budgets.ExitCode == 0;
            });
        // The API server took all of it as it was written.
        await Eventually.TrueAsync("the workload to be as the policy says", async token =>
            (await cluster.KubectlAsync("--namespace", web, "get", "cachepolicy", "shop", "-o",
                """jsonpath={.status.conditions[?(@.type=="WorkloadReady")].reason}"""))
                .Text.Trim() == "Made");
    }

    private async Task AwaitFallbackAsync(string web) => await Eventually.TrueAsync(
        "the incident, and the order to be taken off",
        async token => (await cluster.IncidentsAsync(web, token)) is [{ Status.Phase: "Open" }]
            && (await cluster.PolicyAsync(web, token)).Metadata.Annotations?.ContainsKey(
                PolicyAnnotations.Fallback) != true);

    // A call is in the record once its answer is out, which may be after its effect is seen.
    private async Task AssertRightsAsync(string system)
    {
        var granted = await GrantedRights.OfAsync(cluster.Client, system, Release);
        await Eventually.TrueAsync("a call for every right", async _ =>
        {
            var calls = await cluster.Audit.CallsAsync(system, Release);
            Assert.DoesNotContain(calls, c => c.IsRefused);
            Assert.Empty(granted.Unused(calls).Except(OfOtherStories));
            return true;
        });
    }

    /// <summary>
    /// Takes the rule for the resource out of the role that has it; returns the role as the chart wrote it.
    /// </summary>
    private async Task<V1Role> TakeAsync(string system, string web, string resource)
    {
        var roles = cluster.Client.RbacAuthorizationV1;
        var all = (await roles.ListNamespacedRoleAsync(web)).Items.Concat(
            (await roles.ListNamespacedRoleAsync(system)).Items);
        // Where policies are, if there: ConfigMaps are kept in both namespaces.
        var role = all.First(r => r.Rules.Any(rule => rule.Resources.Contains(resource)));
        var whole = new V1Role
        {
            Metadata = new V1ObjectMeta
            {
                Name = role.Metadata.Name,
                NamespaceProperty = role.Metadata.NamespaceProperty,
                Labels = role.Metadata.Labels
            },
            Rules = role.Rules,
        };
        role.Rules = [.. role.Rules.Where(rule => !rule.Resources.Contains(resource))];
        await roles.ReplaceNamespacedRoleAsync(role, role.Metadata.Name, role.Metadata.NamespaceProperty);
        return whole;
    }

    private static async Task ExplainAsync(ChildProcess process, Task wait)
    {
        try
        {
            await wait;
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{process.Tail(60)}", e);
        }
    }
}
