using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using Xunit.Abstractions;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>A revision that one real pod tries with real probes before the other has it, as users see it.</summary>
[Collection(PlayedAlone.Name)]
[Trait("Category", "Slow")]
public sealed class TriedTests(PlayedStage played, ITestOutputHelper output)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task A_second_revision_is_tried_in_one_pod_held_ended_tried_again_and_goes_to_all()
    {
        played.Stage.LaunchOperator();
        var site = await Site.OpenAsync(played.Stage, "web-tried", Never);
        await site.ApplyAsync(Policy("1m"), Never);
        await site.UntilProgrammedAsync(2, Never);
        var first = await FieldAsync(site, "{.status.revision.active}");
        output.WriteLine(await FieldAsync(site, "{.status.rollout}"));

        await site.ApplyAsync(Policy("2m"), Never);
        await site.UntilAsync("probes are sent",
            async token => await FieldAsync(site, "{.status.rollout.probes.sent}") is not ("" or "0"), Never);
        var status = await site.CliAsync(Never, "status", Storefront.Policy);
        var listed = await site.KubectlAsync(Never, "get", "cpol", "-o", "wide");
        output.WriteLine($"{status.Text}\n{listed.Text}");
        Assert.Contains("on trial: ", status.Text, StringComparison.Ordinal);
        Assert.Contains(" Canary ", listed.Text, StringComparison.Ordinal);
        Assert.Equal(1, await OnAsync(site, first));

        await OrderedAsync(site, "pause");
        var compared = await site.CliAsync(Never, "diff", "--live", Storefront.Policy);
        output.WriteLine(compared.Text);
        Assert.Contains("the same requests are cacheable", compared.Text, StringComparison.Ordinal);
        await OrderedAsync(site, "abort");
        await site.UntilAsync("both serve with the first", async _ => await OnAsync(site, first) == 2, Never);
        await OrderedAsync(site, "retry");
        await site.UntilProgrammedAsync(2, Never);

        Assert.NotEqual(first, await FieldAsync(site, "{.status.revision.active}"));
        output.WriteLine(
            (await site.KubectlAsync(Never, "get", "events", "--field-selector",
            "involvedObject.kind=CachePolicy")).Text);
        Assert.Empty(await site.IncidentsAsync(Never));
        var refused = await site.CliAsync(Never, "rollout", "abort", Storefront.Policy);
        Assert.Equal((1, true),
            (refused.ExitCode, refused.Text.Contains("nothing is on trial", StringComparison.Ordinal)));
        await SituationRun.TearDownAsync(site, Never);
    }

    private static string Policy(string ttl) =>
        Storefront.GoodPolicy(ttl, canary: "{probes: 500, probesPerSecond: 200, window: 6s}");

    private async Task OrderedAsync(Site site, string word)
    {
        var said = await site.CliAsync(Never, "rollout", word, Storefront.Policy);
        output.WriteLine(said.Text);
        Assert.True(said.ExitCode == 0, said.Text);
    }

    private static async Task<int> OnAsync(Site site, string revision) =>
        (await FieldAsync(site, "{.status.rollout.pods.seen[*].revision}")).Split(' ').Count(r => r == revision);

    private static async Task<string> FieldAsync(Site site, string path) =>
        (await site.KubectlAsync(Never, "get", "cpol", Storefront.Policy, "-o", $"jsonpath={path}")).Text.Trim();
}
