using System.Net;
using System.Text;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>What users may make of the operator, on a real API server.</summary>
[Collection(OnOneApiServer.Name)]
public sealed class LimitsTests(OperatorFixture fixture)
{
    private const int Clients = 50;

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Fifty_clients_at_once_with_policies_that_take_long_all_get_a_sentence_and_probes_are_answered_meanwhile()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        using var probe = new HttpClient { BaseAddress = world.Health, Timeout = TimeSpan.FromSeconds(5) };
        using var stop = new CancellationTokenSource();
        var (probes, slow) = (0, 0);
        var probing = ProbeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => DryRunAsync(world, HeavyPolicy(i))));
        await stop.CancelAsync();
        await probing;

        Assert.All(answers, a => Assert.Contains((int)a.Status, new[] { 201, 422, 429, 503, 504 }));
        Assert.DoesNotContain(answers, a => a.Text.Contains("context deadline exceeded", StringComparison.Ordinal));
        Assert.All(answers.Where(a => (int)a.Status is 429 or 503 or 504),
            a => Assert.Contains("try again", a.Text, StringComparison.Ordinal));
        Assert.True(probes > 0);
        Assert.Equal(0, slow);

        async Task ProbeAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var answer = await probe.GetAsync(new Uri("/healthz", UriKind.Relative));
                    Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                    probes++;
                }
                catch (TaskCanceledException)
                {
                    slow++;
                }
            }
        }
    }

    [Fact]
    public async Task A_policy_that_was_too_slow_is_answered_at_once_when_it_is_tried_again()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true,
            proofs: new() { AtOnce = 1, Patience = TimeSpan.FromMilliseconds(1) });

        var first = await DryRunAsync(world, HeavyPolicy(0));
        Assert.Equal(429, (int)first.Status);
        await world.UntilAsync("it is proven behind the scenes",
            async () => (int)(await DryRunAsync(world, HeavyPolicy(0))).Status is 201 or 422);
    }

    [Theory]
    [InlineData("{image: evil.example/varnish:7.1}", "image/not-allowed")]
    [InlineData("{replicas: 1000, storage: 1Ti}", "replicas/too-many")]
    public async Task A_managed_cache_beyond_the_bounds_of_the_installation_is_refused(string managed, string code)
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);

        var answer = await world.TryApplyAsync(Managed(managed));

        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains(code, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_made_before_the_installation_forbade_it_is_left_as_it_is_and_told()
    {
        await using var world = await WithoutWorkloadAsync();
        await world.StartOperatorAsync();
        await world.ApplyAsync(Managed("{}"));
        await world.UntilAsync("the cache is made",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.WorkloadReady));
        await world.StopOperatorAsync();
        var before = (await LiveAsync(world)).Deployment.Metadata.Generation;

        await world.StartOperatorAsync(managed: new ManagedLimits(false, [], 0, 0));

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.WorkloadReady) is
            {
                Status: "False",
                Reason: "NotAllowed"
            });
        Assert.Equal(before, (await LiveAsync(world)).Deployment.Metadata.Generation);
    }

    [Fact]
    public async Task The_service_of_a_managed_cache_is_no_entry_and_stays_as_it_is_in_a_fallback()
    {
        await using var world = await WithoutWorkloadAsync();
        await world.StartOperatorAsync();
        await world.ApplyAsync(Managed("{}"));
        await world.UntilAsync("the cache is made",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.WorkloadReady));
        var before = (await LiveAsync(world)).Service;

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilAsync("the entry leads past the cache", async () =>
            (await world.PolicyAsync()).Status is { LevelWanted: "NoCache", Level: "NoCache" }
                && await world.LeadsToAsync() == "shop");

        var now = (await LiveAsync(world)).Service;
        Assert.Equal(before.Spec.Selector, now.Spec.Selector);
        Assert.DoesNotContain(EntryMetadata.Target, now.Metadata.Annotations.Keys);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Who_may_not_make_deployments_gets_none_by_a_policy_and_may_still_change_rules()
    {
        await using var world = await WithoutWorkloadAsync();
        await world.StartOperatorAsync(webhook: true);
        var writer = await world.UserAsync("writer", "cachepolicies.cachepolicy.dev");
        var maker = await world.UserAsync("maker", "cachepolicies.cachepolicy.dev");
        await world.KubectlAsync("create", "role", "making", "--verb=create", "--resource=deployments,services");
        await world.KubectlAsync("create", "rolebinding", "making", "--role=making", "--user=maker");

        var once = await Kubectl.ApplyAsAsync(maker, world.Space, Managed("{}"));
        var refused = await Kubectl.ApplyAsAsync(writer, world.Space, Managed("{}"));
        var service = await Kubectl.ApplyAsAsync(writer, world.Space, Manifests.Policy(Manifests.Assets));
        await world.ApplyAsync(Managed("{}"));
        var edit = await Kubectl.ApplyAsAsync(writer, world.Space,
            Managed("{}").Replace("ttl: 1h", "ttl: 2h", StringComparison.Ordinal));
        var more = await Kubectl.ApplyAsAsync(writer, world.Space, Managed("{replicas: 3}"));

        Assert.Contains("update deployments", once.Text, StringComparison.Ordinal);
        Assert.Contains("create deployments", refused.Text, StringComparison.Ordinal);
        Assert.Contains("denied the request", refused.Text, StringComparison.Ordinal);
        Assert.Contains("create services", service.Text, StringComparison.Ordinal);
        Assert.True(edit.ExitCode == 0, edit.Text);
        Assert.NotEqual(0, more.ExitCode);
    }

    [Fact]
    public async Task Who_may_not_change_a_workload_does_not_make_it_his_cache()
    {
        await using var world = await WithoutWorkloadAsync();
        await world.StartOperatorAsync(webhook: true);
        var writer = await world.UserAsync("adopter", "cachepolicies.cachepolicy.dev,services");

        var refused = await Kubectl.ApplyAsAsync(writer, world.Space, Manifests.Policy(Manifests.Assets));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        var edit = await Kubectl.ApplyAsAsync(writer, world.Space,
            Manifests.Policy(Manifests.Assets).Replace("ttl: 1h", "ttl: 2h", StringComparison.Ordinal));

        Assert.Contains("`storefront-cache`", refused.Text, StringComparison.Ordinal);
        Assert.Contains("user `adopter` may not update", refused.Text, StringComparison.Ordinal);
        Assert.True(edit.ExitCode == 0, edit.Text);
    }

    [Theory]
    [InlineData("scale", "deployment/storefront-cache", "--replicas=5")]
    [InlineData("patch", "deployment", "storefront-cache", "-p",
        """{"spec":{"template":{"metadata":{"labels":{"app":"storefront"}}}}}""")]
    [InlineData("set", "image", "deployment/storefront-cache", "varnish=evil.example/varnish:1")]
    [InlineData("patch", "deployment", "storefront-cache", "-p",
        """{"spec":{"template":{"spec":{"hostNetwork":true,"containers":[{"name":"evil","image":"evil"}]}}}}""")]
    [InlineData("delete", "deployment", "storefront-cache")]
    [InlineData("patch", "service", "storefront-cache", "-p", """{"spec":{"selector":{"app":"evil"}}}""")]
    public async Task What_somebody_makes_of_a_managed_cache_is_put_back(params string[] command)
    {
        await using var world = await WithoutWorkloadAsync();
        await world.StartOperatorAsync();
        await world.ApplyAsync(Managed("{}"));
        await world.UntilAsync("the cache is made",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.WorkloadReady));
        var (deployment, service) = await LiveAsync(world);
        var before = (deployment.Metadata.Uid, deployment.Metadata.Generation, service.Metadata.ResourceVersion);

        var done = await world.KubectlAsync(command);
        Assert.True(done.ExitCode == 0, done.Text);

        await world.UntilAsync("it is put back", async () =>
        {
            var (now, entry) = await LiveAsync(world);
            var pod = now.Spec.Template.Spec;
            return (now.Metadata.Uid, now.Metadata.Generation, entry.Metadata.ResourceVersion) != before
                && now.Spec.Replicas == 2 && pod.HostNetwork != true
                && !now.Spec.Template.Metadata.Labels.ContainsKey("app")
                && pod.Containers.Select(c => c.Name).SequenceEqual(["varnish", "agent"])
                && pod.Containers.All(c => !c.Image.StartsWith("evil", StringComparison.Ordinal))
                && !entry.Spec.Selector.ContainsKey("app");
        });
    }

    [Theory]
    [InlineData("delete", "poddisruptionbudget", "storefront-cache")]
    [InlineData("patch", "poddisruptionbudget", "storefront-cache", "--type=merge", "-p",
        """{"spec":{"maxUnavailable":null,"minAvailable":"0%"}}""")]
    [InlineData("patch", "poddisruptionbudget", "storefront-cache", "--type=merge", "-p",
        """{"spec":{"selector":{"matchLabels":{"app":"nobody"}}}}""")]
    [InlineData("annotate", "poddisruptionbudget", "storefront-cache", "cachepolicy.dev/mark-")]
    public async Task What_somebody_makes_of_the_budget_of_a_managed_cache_is_put_back_at_once(params string[] command)
    {
        await using var world = await WithoutWorkloadAsync();
        await world.StartOperatorAsync();
        await world.ApplyAsync(Managed("{}"));
        await world.UntilAsync("it is made", async () => (await BudgetAsync(world)).Length > 0);
        var before = await BudgetAsync(world);

        var done = await world.KubectlAsync(command);
        Assert.True(done.ExitCode == 0, done.Text);

        await world.UntilAsync("it is as it was", async () => await BudgetAsync(world) == before);
    }

    [Fact]
    public async Task How_many_pods_a_managed_cache_has_is_left_to_an_autoscaler_until_it_is_gone()
    {
        await using var world = await WithoutWorkloadAsync();
        await world.StartOperatorAsync();
        await world.ApplyAsync(Managed("{}"));
        await world.UntilAsync("the cache is made",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.WorkloadReady));
        await world.KubectlAsync("autoscale", "deployment", "storefront-cache", "--min=2", "--max=9");
        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(),
                PolicyConditions.WorkloadReady)?.Message?.Contains("HorizontalPodAutoscaler `storefront-cache`",
                StringComparison.Ordinal) == true);

        await world.KubectlAsync("scale", "deployment/storefront-cache", "--replicas=5");
        // Whatever is changed beside the count is put back, and the count not with it.
        await world.KubectlAsync("set", "image", "deployment/storefront-cache", "varnish=evil.example/varnish:1");
        await world.UntilAsync("the image is put back", async () =>
            (await LiveAsync(world)).Deployment.Spec.Template.Spec.Containers.All(
                c => !c.Image.StartsWith("evil", StringComparison.Ordinal)));
        Assert.Equal(5, (await LiveAsync(world)).Deployment.Spec.Replicas);

        await world.KubectlAsync("delete", "horizontalpodautoscaler", "storefront-cache");
        await world.UntilAsync("the policy says again how many",
            async () => (await LiveAsync(world)).Deployment.Spec.Replicas == 2);
    }

    [Theory]
    [InlineData("apps/v1", "StatefulSet")]
    [InlineData("example.com/v1", "Deployment")]
    public async Task An_autoscaler_of_something_else_leaves_the_count_to_the_policy(string version, string kind)
    {
        await using var world = await WithoutWorkloadAsync();
        await world.ApplyAsync($$$"""
            apiVersion: autoscaling/v1
            kind: HorizontalPodAutoscaler
            metadata: {name: other}
            spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: {{{version}}}, kind: {{{kind}}}, name: storefront-cache}}
            """);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Managed("{}"));
        await world.UntilAsync("the cache is made",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.WorkloadReady));

        await world.KubectlAsync("scale", "deployment/storefront-cache", "--replicas=5");

        await world.UntilAsync("it is put back", async () => (await LiveAsync(world)).Deployment.Spec.Replicas == 2);
    }

    private static async Task<string> BudgetAsync(OperatorWorld world) =>
        (await world.KubectlAsync("get", "poddisruptionbudget", "--field-selector=metadata.name=storefront-cache", "-o",
            @"jsonpath={.items[*].spec}{.items[*].metadata.annotations.cachepolicy\.dev/mark}")).Text.Trim();

    [Fact]
    public async Task A_secret_of_the_agents_that_is_deleted_is_back_at_once()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var before = await world.Client.CoreV1.ReadNamespacedSecretAsync("cachepolicy-agents", world.Space);

        await world.KubectlAsync("delete", "secret", "cachepolicy-agents");

        // Sooner than the look that comes every ten minutes.
        await world.UntilAsync("it is back", async () =>
            (await world.Client.CoreV1.ListNamespacedSecretAsync(world.Space)).Items
            .Any(s => s.Metadata.Name == "cachepolicy-agents" && s.Metadata.Uid != before.Metadata.Uid
                && s.Data.ContainsKey("storefront.key")));
    }

    [Fact]
    public async Task Two_policies_share_the_secret_of_the_agents_and_one_that_goes_takes_only_its_own_files()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.ApplyAsync(Manifests.Rival());
        await world.UntilAsync("both have theirs",
            async () =>
            await FilesAsync() is ["ca.crt", "storefront-rival.crt", "storefront-rival.key", "storefront.crt",
            "storefront.key"]);

        await world.KubectlAsync("delete", "cachepolicy", "storefront-rival");

        await world.UntilAsync("one has left",
            async () => await FilesAsync() is ["ca.crt", "storefront.crt", "storefront.key"]);

        async Task<string[]> FilesAsync() =>
            [.. (await world.Client.CoreV1.ListNamespacedSecretAsync(world.Space)).Items.Where(
                s => s.Metadata.Name == "cachepolicy-agents").SelectMany(s => s.Data.Keys)
                .Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task What_a_quota_refuses_is_told_in_the_condition()
    {
        await using var world = await WithoutWorkloadAsync();
        await world.ApplyAsync("""
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: none}
            spec: {hard: {count/deployments.apps: "1"}}
            """);
        // The API server alone counts, so that it has to be told what there is.
        await world.Client.CoreV1.ReplaceNamespacedResourceQuotaStatusAsync(
            await WithUsageAsync(world, "count/deployments.apps", "1"), "none", world.Space);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Managed("{}"));

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.WorkloadReady) is
            {
                Status: "False",
                Reason: "Refused"
            } told
            && told.Message!.Contains("exceeded quota", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_quota_refuses_of_the_pods_is_told_in_the_condition()
    {
        await using var world = await WithoutWorkloadAsync();
        await world.StartOperatorAsync();
        await world.ApplyAsync(Managed("{}"));
        await world.UntilAsync("the cache is made",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.WorkloadReady));

        // As the controller of Deployments writes it.
        var (deployment, _) = await LiveAsync(world);
        deployment.Status = new V1DeploymentStatus
        {
            Conditions = [
                new V1DeploymentCondition { Type = "ReplicaFailure", Status = "True", Reason = "FailedCreate",
                Message = "exceeded quota: pods" }],
        };
        await world.Client.AppsV1.ReplaceNamespacedDeploymentStatusAsync(deployment, "storefront-cache", world.Space);

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.WorkloadReady) is
            {
                Status: "False",
                Reason: "FailedCreate"
            });
    }

    /// <summary>A world in which the name of the managed cache is free.</summary>
    private async Task<OperatorWorld> WithoutWorkloadAsync()
    {
        var world = await OperatorWorld.MakeAsync(fixture);
        await world.KubectlAsync("delete", "deployment", "storefront-cache");
        return world;
    }

    private static async Task<V1ResourceQuota> WithUsageAsync(OperatorWorld world, string resource, string count)
    {
        var quota = await world.Client.CoreV1.ReadNamespacedResourceQuotaAsync("none", world.Space);
        var usage = new Dictionary<string, ResourceQuantity> { [resource] = new(count) };
        quota.Status = new V1ResourceQuotaStatus { Hard = usage, Used = usage };
        return quota;
    }

    private static async Task<(V1Deployment Deployment, V1Service Service)> LiveAsync(OperatorWorld world)
    {
        var deployments = await world.Client.AppsV1.ListNamespacedDeploymentAsync(world.Space,
            fieldSelector: "metadata.name=storefront-cache");
        var services = await world.Client.CoreV1.ListNamespacedServiceAsync(world.Space,
            fieldSelector: "metadata.name=storefront-cache");
        return (deployments.Items.SingleOrDefault() ?? Nothing(), services.Items.Single());
    }

    private static V1Deployment Nothing() => new()
    {
        Metadata = new V1ObjectMeta(),
        Spec = new V1DeploymentSpec { Template = new V1PodTemplateSpec { Spec = new V1PodSpec { Containers = [] } } },
    };

    private static string Managed(string managed) => Manifests.Policy(Manifests.Assets)
        .Replace("cache: {workload: {kind: Deployment, name: storefront-cache}}", $"cache: {{managed: {managed}}}",
            StringComparison.Ordinal);

    /// <summary>A hundred rules, each with a lifetime of its own: as much as a proof takes.</summary>
    private static string HeavyPolicy(int number) => Manifests.Policy([.. Enumerable.Range(0, 100)
            .Select(i => $"{{name: r{i}, match: {{pathPrefix: /p{i}}}, cache: {{ttl: {i + 1}m}}}}")])
        .Replace("metadata: {name: storefront}", $"metadata: {{name: heavy-{number}}}", StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, string Text)> DryRunAsync(OperatorWorld world, string manifest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(
            world.Client.BaseUri, $"/apis/cachepolicy.dev/v1alpha1/namespaces/{world.Space}/cachepolicies?dryRun=All"));
        request.Content = new StringContent(manifest, Encoding.UTF8, "application/yaml");
        using var answer = await ((Kubernetes)world.Client).HttpClient.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
