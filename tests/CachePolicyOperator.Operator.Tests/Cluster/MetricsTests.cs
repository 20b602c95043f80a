using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>What Prometheus is told of policies: what is so, and nothing of what is gone.</summary>
[Collection(OnOneApiServer.Name)]
public sealed class MetricsTests(OperatorFixture fixture)
{
    private const string Seen = "cachepolicy_level_seen";
    private const string Wanted = "cachepolicy_level_wanted";

    [Fact]
    public async Task The_level_seen_is_what_pods_do_beside_the_level_wanted_and_both_go_with_the_policy()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.UntilAsync("both levels are told", () => AreAsync(world, seen: "Cached", wanted: "Cached"));

        world.Agents[0].RefuseLevels = new AgentError("level/refused", "not now");
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=Bypassed");
        await world.UntilAsync("the order is what is wanted, and not what is seen",
            () => AreAsync(world, seen: "Cached", wanted: "Bypassed"));

        world.Agents[0].RefuseLevels = null;
        await world.UntilAsync("it is seen when the pod does it",
            () => AreAsync(world, seen: "Bypassed", wanted: "Bypassed"));

        var scrape = await Scrape.OfAsync(world.Metrics);
        Assert.True(scrape.Value("cachepolicy_certificate_expiry_timestamp_seconds", ("certificate", "authority"))
            > TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        Assert.True(scrape.Value("cachepolicy_proof_duration_seconds_count") > 0);
        Assert.True(scrape.Value("cachepolicy_incidents_total", ("trigger", "manual")) > 0);
        Assert.NotNull(scrape.Value("cachepolicy_operator_queue_depth", ("controller", "LevelController")));

        var judgement = await scrape.JudgeAsync();
        Assert.True(judgement is { ExitCode: 0, Text: "" }, judgement.Text);

        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.UntilAsync("nothing is told of the policy any more", async () =>
            !(await Scrape.OfAsync(world.Metrics)).Text.Contains($"namespace=\"{world.Space}\"",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task From_a_leak_to_the_turn_of_the_entry_is_timed_once()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        async Task<double> SwitchesAsync() =>
            (await Scrape.OfAsync(world.Metrics)).Value("cachepolicy_leak_switch_seconds_count") ?? 0;
        var before = await SwitchesAsync();

        world.Agents[0].Leak(TimeProvider.System.GetUtcNow());
        await world.UntilOutAsync();

        await world.UntilAsync("the turn is timed", async () => await SwitchesAsync() == before + 1);
    }

    [Fact]
    public async Task What_is_refused_is_counted_by_its_code_and_no_path_user_or_host_is_told()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        double? Refused(Scrape scrape, string gate) =>
            scrape.Value("cachepolicy_refusals_total", ("gate", gate), ("code", "personal/cacheable"));
        var before = Refused(await Scrape.OfAsync(world.Metrics), "admission") ?? 0;

        await world.TryApplyAsync(Manifests.Policy(Manifests.Everything));

        // An answer may be a fraction of a second old.
        await world.UntilAsync("it is counted",
            async () => Refused(await Scrape.OfAsync(world.Metrics), "admission") == before + 1);
        var scrape = await Scrape.OfAsync(world.Metrics);
        Assert.True(scrape.Value(
            "cachepolicy_operator_admission_duration_seconds_count", ("webhook", "/validate/cachepolicies"),
                ("answer", "refused")) >= 1);
        Assert.Equal(0, scrape.Value("cachepolicy_operator_admissions_waiting"));
        Assert.DoesNotContain(scrape.LabelValues,
            v => v.Contains("mypage", StringComparison.Ordinal) || v.Contains("example.com", StringComparison.Ordinal)
            || v == "admin");
    }

    private static async Task<bool> AreAsync(OperatorWorld world, string seen, string wanted)
    {
        var scrape = await Scrape.OfAsync(world.Metrics);
        double? Of(string name, string level) =>
            scrape.Value(name, ("namespace", world.Space), ("policy", "storefront"), ("level", level));
        return Of(Seen, seen) == 1 && Of(Wanted, wanted) == 1
            && Enum.GetNames<CacheLevel>().Where(l => l != seen).All(l => Of(Seen, l) == 0)
            && Enum.GetNames<CacheLevel>().Where(l => l != wanted).All(l => Of(Wanted, l) == 0);
    }
}
