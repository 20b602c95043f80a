using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Certificates;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>
/// Whose an object is, is told by what only the operator can write, and not forgotten with the key that wrote it.
/// </summary>
[Collection(OnAnotherApiServer.Name)]
public sealed class OwnershipTests(SecondOperatorFixture fixture)
{
    private const string NotOurs = """{.status.conditions[?(@.reason=="NotOurs")].message}""";

    public static TheoryData<string, string> Forged() => new()
    {
        { "configmap/storefront-in-force", "kind: ConfigMap\napiVersion: v1\ndata: {mine: '1'}" },
        { "secret/cachepolicy-agents", "kind: Secret\napiVersion: v1\nstringData: {mine: '1'}" },
        { "service/storefront-cache",
            "kind: Service\napiVersion: v1\nspec: {selector: {app: theirs}, ports: [{port: 80}]}" },
        { "poddisruptionbudget/storefront-cache",
            "kind: PodDisruptionBudget\napiVersion: policy/v1beta1\nspec: {minAvailable: 7, selector: {matchLabels: "
                + "{app: theirs}}}" },
        {
            "deployment/storefront-cache",
            "kind: Deployment\napiVersion: apps/v1\nspec: {replicas: 7, selector: {matchLabels: {app: theirs}}, "
                + "template: {metadata: {labels: {app: theirs}}, spec: {containers: [{name: c, image: i}]}}}"
        },
        { "service/storefront-entry",
            "kind: Service\napiVersion: v1\nspec: {selector: {app: theirs}, ports: [{port: 80}]}" },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task What_carries_our_labels_and_no_mark_of_ours_is_left_alone_and_told(
        string subject, string manifest)
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.KubectlAsync("delete", "deployment", "storefront-cache");
        await world.ApplyAsync(Managed);
        var uid = (await world.PolicyAsync()).Metadata.Uid;
        await world.ApplyAsync($$"""
            {{manifest}}
            metadata:
              name: {{subject.Split('/')[1]}}
              labels: {app.kubernetes.io/managed-by: cachepolicy-operator, cachepolicy.dev/policy: storefront, cachepolicy.dev/entry: "true"}
              annotations: {cachepolicy.dev/policy: storefront, cachepolicy.dev/policy-uid: {{uid}}, cachepolicy.dev/leads-to: Cache}
            """);
        var before = await VersionAsync(world, subject);

        await world.StartOperatorAsync();
        await world.UntilAsync("it is told", async () =>
            (await world.FieldAsync(NotOurs))
                .Contains($"`{subject.Split('/')[1]}` exists and is not the operator's", StringComparison.Ordinal)
            || (await world.FieldAsync("""{.status.conditions[?(@.reason=="EntryNotOurs")].message}"""))
                .Contains("not this policy's", StringComparison.Ordinal));
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilAsync("a fallback is ordered",
            async () => (await world.IncidentsAsync()).Any(i => i.Status?.Phase == "Open"));
        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.KubectlAsync("delete", "cacheincident", "--all");
        // Once the same name is refused to a second one, the first one's end was seen.
        await world.ApplyAsync(Managed);
        await world.UntilAsync("it is told again", async () =>
            (await world.FieldAsync("{.status.conditions[*].reason}")).Contains("NotOurs", StringComparison.Ordinal));

        Assert.Equal(before, await VersionAsync(world, subject));
    }

    [Fact]
    public async Task A_service_that_only_says_that_it_is_the_entry_of_a_policy_that_is_gone_is_nobodys_to_take()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata:
              name: storefront-entry
              labels: {app.kubernetes.io/managed-by: cachepolicy-operator, cachepolicy.dev/policy: gone, cachepolicy.dev/entry: "true"}
              annotations:
                cachepolicy.dev/policy: gone
                cachepolicy.dev/policy-uid: "0"
                cachepolicy.dev/leads-to: Cache
                cachepolicy.dev/origin: '{"service":"storefront","port":8080,"selector":{"app":"shop"},"targetPort":"9000"}'
            spec: {selector: {app: theirs}, ports: [{port: 80}]}
            """);
        var before = await VersionAsync(world, "service/storefront-entry");
        await world.StartOperatorAsync();

        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));

        await world.UntilAsync("it is told", async () =>
            (await world.FieldAsync("{.status.conditions[*].reason}"))
                .Contains("EntryNotOurs", StringComparison.Ordinal));
        Assert.Equal(before, await VersionAsync(world, "service/storefront-entry"));
    }

    [Fact]
    public async Task Records_that_a_deletion_left_behind_are_the_next_policys_of_that_name()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        // As the garbage collector does it for `--cascade=orphan`, which does not run here.
        foreach (var map in (
            await world.Client.CoreV1.ListNamespacedConfigMapAsync(world.Space,
            labelSelector: "cachepolicy.dev/policy")).Items)
        {
            await world.KubectlAsync("patch", "configmap", map.Metadata.Name, "--type=merge", "-p",
                """{"metadata":{"ownerReferences":null}}""");
        }

        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));

        await world.UntilAsync("they have the new owner", async () =>
            (await world.RecordAsync("storefront-in-force"))?.Metadata.OwnerReferences is [{ } owner]
                && owner.Uid == (await world.PolicyAsync()).Metadata.Uid
            && OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.ObjectsOwned));
    }

    [Fact]
    public async Task An_entry_whose_mark_was_taken_off_is_still_turned_and_gets_it_back()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var mark = (await world.EntryAsync())!.Metadata.Annotations["cachepolicy.dev/mark"];

        await world.KubectlAsync("annotate", "service", "storefront-entry", "cachepolicy.dev/mark-");
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();

        await world.UntilAsync("it is marked again", async () =>
            (await world.EntryAsync())!.Metadata.Annotations.TryGetValue("cachepolicy.dev/mark", out var now)
                && now == mark);
    }

    [Fact]
    public async Task Keys_that_are_deleted_while_the_operator_lives_are_written_back_and_nothing_else_changes()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(
            overrides: s =>
            s.AddSingleton(CertificateTimes.Default with { LookAgain = TimeSpan.FromMilliseconds(100) }));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("it is in force",
            async () => await world.RecordAsync("storefront-in-force") is not null);
        var before = await KeysAsync(world);

        await world.KubectlAsync("delete", "secret", "cachepolicy-operator-keys");

        await world.UntilAsync("they are back",
            async () => await KeysAsync(world) is { Count: > 0 } now && now.SequenceEqual(before));
    }

    [Fact]
    public async Task Keys_that_are_lost_with_the_operator_reopen_no_incident_and_leave_entries_where_they_are_and_the_operators()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();
        var revision = (await world.PolicyAsync()).Status!.Revision!.Proven!;
        await world.AnnotateAsync($"{PolicyAnnotations.Return}={revision}");
        await world.UntilAsync("the cache is back", () => world.IsBackAsync(revision));
        await world.StopOperatorAsync();
        await world.KubectlAsync("delete", "secret", "cachepolicy-operator-keys");

        await world.StartOperatorAsync();
        await world.UntilAsync("all is sealed anew", async () =>
            await KeysAsync(world) is { Count: > 0 } keys
                && !keys.Any(k => k.StartsWith("seal.new", StringComparison.Ordinal)));
        await world.UntilAsync("its records are its own",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.ObjectsOwned));

        Assert.Equal(("Returned", "storefront-cache"),
            ((await world.IncidentsAsync()).Single().Status!.Phase, await world.LeadsToAsync()));
        Assert.DoesNotContain(await world.EventsAsync(),
            e => e.StartsWith("IncidentRestored", StringComparison.Ordinal));
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilAsync("a fallback turns the entry", async () => await world.LeadsToAsync() == "shop");
        Assert.Equal("Returned",
            (await world.IncidentsAsync()).Single(i => i.Status!.ReturnedWith is not null).Status!.Phase);
    }

    [Fact]
    public async Task An_incident_that_somebody_ended_while_keys_were_lost_counts_as_open()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();
        var revision = (await world.PolicyAsync()).Status!.Revision!.Proven!;
        await world.AnnotateAsync($"{PolicyAnnotations.Return}={revision}");
        await world.UntilAsync("the cache is back", () => world.IsBackAsync(revision));
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();
        await world.StopOperatorAsync();
        // So that nobody puts it back before all is sealed anew.
        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.KubectlAsync("delete", "secret", "cachepolicy-operator-keys");
        var incident = (await world.IncidentsAsync()).Single(i => i.Status!.Phase == "Open");
        await world.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            new V1Patch("""{"status":{"phase":"Returned","seal":null}}""", V1Patch.PatchType.MergePatch),
            "cachepolicy.dev", "v1alpha1", world.Space, "cacheincidents", incident.Metadata.Name);

        await world.StartOperatorAsync();
        await world.UntilAsync("all is sealed anew", async () =>
            await KeysAsync(world) is { Count: > 0 } keys
                && !keys.Any(k => k.StartsWith("seal.new", StringComparison.Ordinal)));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));

        await world.UntilAsync("it is open, and it is told why", async () =>
            (await world.IncidentsAsync())
                .Single(i => i.Metadata.Name == incident.Metadata.Name).Status is { Phase: "Open" } status
                && status.Conditions!.Any(c => c is { Type: "Trusted", Status: "False" }));
        Assert.Equal("shop", await world.LeadsToAsync());
    }

    [Fact]
    public async Task After_a_lost_key_was_made_good_only_its_seal_counts()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.StopOperatorAsync();
        await world.KubectlAsync("delete", "secret", "cachepolicy-operator-keys");
        await world.StartOperatorAsync();
        await world.UntilAsync("all is sealed anew", async () =>
            await KeysAsync(world) is { Count: > 0 } keys
                && !keys.Any(k => k.StartsWith("seal.new", StringComparison.Ordinal)));
        await world.StopOperatorAsync();
        await world.KubectlAsync("annotate", "--overwrite", "service", "storefront-entry",
            "cachepolicy.dev/mark=theirs");

        await world.StartOperatorAsync();

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.FallbackReady) is
            {
                Status: "False",
                Reason: "EntryNotOurs"
            });
    }

    private static string Managed => Manifests.Policy(Manifests.Assets)
        .Replace("{workload: {kind: Deployment, name: storefront-cache}}", "{managed: {replicas: 2}}",
            StringComparison.Ordinal);

    private static async Task<string> VersionAsync(OperatorWorld world, string subject) =>
        (await world.KubectlAsync("get", subject, "-o",
            "jsonpath={.metadata.uid} {.metadata.resourceVersion}")).Text.Trim();

    /// <summary>The fields of the Secret and what they hold.</summary>
    private static async Task<IReadOnlyList<string>> KeysAsync(OperatorWorld world) =>
    [
        .. (await world.Client.CoreV1.ListNamespacedSecretAsync(world.Space)).Items.Where(
            s => s.Metadata.Name == "cachepolicy-operator-keys")
            .SelectMany(s => s.Data)
                .Where(d => d.Key.StartsWith("seal", StringComparison.Ordinal) || d.Key == "tls.key")
            .Select(d => $"{d.Key}={Convert.ToBase64String(d.Value)}").Order(StringComparer.Ordinal),
    ];
}
