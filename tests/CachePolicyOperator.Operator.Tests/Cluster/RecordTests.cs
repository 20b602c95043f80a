using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using k8s;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>What somebody does to the operator's own records, and what then still holds.</summary>
[Collection(OnAnotherApiServer.Name)]
public sealed class RecordTests(SecondOperatorFixture fixture)
{
    private const string Record = "storefront-in-force";

    [Fact]
    public async Task A_note_of_somebody_else_in_the_record_holds_up_no_fallback_and_is_taken_out_again()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);

        await world.KubectlAsync("patch", "configmap", Record, "--type=merge", "-p", """{"data":{"note":"x"}}""");
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();

        await world.UntilAsync("the note is gone, and it is told", async () =>
            (await world.RecordAsync(Record))?.Data.ContainsKey("note") == false && await IsToldAsync(world));
    }

    public static TheoryData<string, string> Damages() => new()
    {
        { "its key is gone",
            "patch configmap storefront-in-force --type=json -p [{\"op\":\"remove\",\"path\":\"/data/in-force.json\"}]" },
        { "its text is another",
            "patch configmap storefront-in-force --type=merge -p {\"data\":{\"in-force.json\":\"{}\"}}" },
        { "it is gone", "delete configmap storefront-in-force" },
        { "its seal is gone", "annotate configmap storefront-in-force cachepolicy.dev/seal-" },
        { "its owner is gone",
            "patch configmap storefront-in-force --type=merge -p {\"metadata\":{\"ownerReferences\":null}}" },
        { "it is another controller's",
            "patch configmap storefront-in-force --type=merge -p "
                + "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"x\",\"uid\":\"0\",\"controller\":true}]}}" },
        { "it is immutable", "patch configmap storefront-in-force --type=merge -p {\"immutable\":true}" },
        { "its labels are gone",
            "label configmap storefront-in-force cachepolicy.dev/policy- app.kubernetes.io/managed-by-" },
        { "bytes are beside it",
            "patch configmap storefront-in-force --type=merge -p {\"binaryData\":{\"x\":\"AAAA\"}}" },
        { "the revisions are gone", "delete configmap -l cachepolicy.dev/revision" },
        { "everything is gone", "delete configmap -l cachepolicy.dev/policy=storefront" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task What_is_damaged_is_put_back_and_told_and_holds_up_no_fallback(string what, string damage)
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var before = await RecordsAsync(world);

        var done = await world.KubectlAsync(damage.Split(' '));
        Assert.True(done.ExitCode == 0, done.Text);
        await world.UntilAsync($"all is as it was although {what}", async () =>
            await RecordsAsync(world) is var now && now.SequenceEqual(before) && await IsToldAsync(world));

        await world.KubectlAsync(damage.Split(' '));
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();
    }

    [Fact]
    public async Task The_record_of_another_policy_pasted_in_is_put_out_again()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var before = await RecordsAsync(world);
        await world.ApplyAsync(Manifests.Rival());
        await world.UntilAsync("the other has its record",
            async () => await world.RecordAsync("storefront-rival-in-force") is not null);
        var (own, other) =
            ((await world.RecordAsync(Record))!, (await world.RecordAsync("storefront-rival-in-force"))!);

        own.Data = other.Data;
        own.Metadata.Annotations = other.Metadata.Annotations;
        own.Metadata.ResourceVersion = null;
        await world.Client.CoreV1.ReplaceNamespacedConfigMapAsync(own, Record, world.Space);

        await world.UntilAsync("its own record is back", async () =>
            (await RecordsAsync(world)).Intersect(before).Count() == before.Count && await IsToldAsync(world));
    }

    [Fact]
    public async Task An_older_record_of_the_policy_pasted_in_holds_nowhere()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var old = (await world.RecordAsync(Record))!;
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("another one is in force and serves", async () =>
            (await world.RecordAsync(Record))!.Data["in-force.json"] != old.Data["in-force.json"]
            && (await world.PolicyAsync()).Status!.Revision is { Previous: not null });
        var serving = world.Agents[0].Status.ServingDigest;

        old.Metadata.ResourceVersion = null;
        await world.Client.CoreV1.ReplaceNamespacedConfigMapAsync(old, Record, world.Space);
        await world.UntilAsync("the newer one is back", async () =>
            (await world.RecordAsync(Record))!.Data["in-force.json"] != old.Data["in-force.json"]
                && await IsToldAsync(world));

        Assert.Equal((serving, 2),
            (world.Agents[0].Status.ServingDigest, world.Agents[0].Acts.Count(a => a == "activate")));
    }

    [Fact]
    public async Task A_budget_of_somebody_else_by_the_name_of_a_managed_caches_is_left_alone_and_told()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.ApplyAsync("""
            apiVersion: policy/v1beta1
            kind: PodDisruptionBudget
            metadata: {name: storefront-cache}
            spec: {minAvailable: 7, selector: {matchLabels: {app: theirs}}}
            """);
        await world.KubectlAsync("delete", "deployment", "storefront-cache");
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("{workload: {kind: Deployment, name: storefront-cache}}", "{managed: {replicas: 2}}",
                StringComparison.Ordinal));

        await world.UntilAsync("it is told", async () =>
            (await world.FieldAsync("""{.status.conditions[?(@.reason=="NotOurs")].message}"""))
                .Contains("PodDisruptionBudget `storefront-cache`", StringComparison.Ordinal));

        var left = await world.KubectlAsync("get", "poddisruptionbudget", "storefront-cache", "-o",
            "jsonpath={.spec.minAvailable} {.metadata.ownerReferences}");
        Assert.Equal("7", left.Text.Trim());
    }

    [Fact]
    public async Task Without_any_record_and_with_a_spec_that_is_not_proven_a_new_operator_still_takes_the_cache_out()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.StopOperatorAsync();
        await world.KubectlAsync("delete", "configmap", "-l", "cachepolicy.dev/policy=storefront");
        await world.ApplyAsync(Manifests.Policy(Manifests.Everything)
            .Replace("name: storefront-cache", "name: nobodys", StringComparison.Ordinal));

        await world.StartOperatorAsync();
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();

        Assert.All(world.Agents, a => Assert.Equal(CacheLevel.Bypassed, a.Status.Level));
    }

    [Fact]
    public async Task A_new_operator_reads_the_copy_where_the_record_is_gone_and_the_spec_is_not_proven()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var revision = (await world.PolicyAsync()).Status!.Revision!.Active;
        await world.StopOperatorAsync();
        await world.KubectlAsync("delete", "configmap", Record);
        await world.ApplyAsync(Manifests.Policy(Manifests.Everything));

        await world.StartOperatorAsync();

        await world.UntilAsync("the record is back, and it is told", async () =>
            (await world.RecordAsync(Record))?.Data["in-force.json"]
                .Contains(revision!, StringComparison.Ordinal) == true && await IsToldAsync(world));
        Assert.Equal((CacheLevel.Cached, "storefront-cache"),
            (world.Agents[0].Status.Level, await world.LeadsToAsync()));
    }

    [Fact]
    public async Task Objects_of_somebody_else_by_the_names_of_the_operators_are_left_alone_and_told()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: storefront-in-force}
            data: {mine: "1"}
            """);
        await world.ApplyAsync("""
            apiVersion: v1
            kind: Secret
            metadata: {name: cachepolicy-agents}
            stringData: {mine: "1"}
            """);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));

        await world.UntilAsync("it is told",
            async () => (await world.FieldAsync("""{.status.conditions[?(@.reason=="NotOurs")].message}""")) is var told
            && told.Contains("ConfigMap `storefront-in-force`", StringComparison.Ordinal)
                && told.Contains("Secret `cachepolicy-agents`", StringComparison.Ordinal));

        var left = await world.KubectlAsync("get", "configmap/storefront-in-force", "secret/cachepolicy-agents", "-o",
            "jsonpath={.items[*].metadata.ownerReferences}{.items[*].data}");
        Assert.DoesNotContain("CachePolicy", left.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("in-force.json", left.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(".crt", left.Text, StringComparison.Ordinal);
    }

    private static async Task<bool> IsToldAsync(OperatorWorld world) =>
        (await world.EventsAsync()).Any(e => e.StartsWith("RecordRestored", StringComparison.Ordinal));

    /// <summary>Name, owner and content of every record of the policy.</summary>
    private static async Task<IReadOnlyList<string>> RecordsAsync(OperatorWorld world) =>
    [
        .. (await world.Client.CoreV1.ListNamespacedConfigMapAsync(world.Space,
            labelSelector: "cachepolicy.dev/policy")).Items
            .Where(m => m.Metadata.OwnerReferences?.Count == 1
                && m.Metadata.Annotations?.ContainsKey("cachepolicy.dev/seal") == true)
            .Select(m =>
                $"{m.Metadata.Name} {m.Metadata.OwnerReferences[0].Name} "
                    + $"{string.Join(' ', m.Data.Where(d => d.Key != "serial").OrderBy(d => d.Key, StringComparer.Ordinal))}"),
    ];
}
