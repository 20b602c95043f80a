using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>
/// Whatever happens to a site, its clients get what the origin has, nobody gets somebody else's page, and the status
/// says what is so: with everything real, from the API server to varnishd.
/// </summary>
[Collection(PlayedAlone.Name)]
public sealed class SituationTests(PlayedStage played)
{
    public static TheoryData<string> Quick() =>
        [.. Catalogue.All.Where(s => s is { IsSlow: false, BreaksStage: false }).Select(s => s.Name)];

    public static TheoryData<string> Slow() =>
        [.. Catalogue.All.Where(s => s is { IsSlow: true, BreaksStage: false }).Select(s => s.Name)];

    public static TheoryData<string> Breaking() => [.. Catalogue.All.Where(s => s.BreaksStage).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Quick))]
    public Task Clients_notice_little_and_the_status_is_true_when(string situation) =>
        PlayAsync(played.Stage, situation);

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Slow))]
    public Task Clients_notice_little_and_the_status_is_true_also_when(string situation) =>
        PlayAsync(played.Stage, situation);

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Breaking))]
    public async Task Clients_notice_little_and_the_status_is_true_even_when(string situation)
    {
        await using var stage = new Stage();
        await stage.StartClusterAsync(CancellationToken.None);
        await stage.InstallAsync(CancellationToken.None);
        await PlayAsync(stage, situation);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_namespace_with_everything_in_it_goes_though_no_operator_runs()
    {
        var site =
            await SituationRun.SetUpAsync(played.Stage, "web-to-go", cacheOfTheirOwn: false, CancellationToken.None);
        await played.Stage.KillOperatorAsync(CancellationToken.None);

        await played.Stage.InsistAsync(CancellationToken.None, "delete", "namespace", site.Space, "--timeout=60s");

        await played.Stage.StartOperatorAsync(CancellationToken.None);
    }

    private static async Task PlayAsync(Stage stage, string situation)
    {
        var row =
            await SituationRun.PlayAsync(stage, Catalogue.All.Single(s => s.Name == situation), CancellationToken.None);

        Assert.True(row.IsWell, row.Explain());
        // It does all of this with the rights of the chart.
        Assert.Empty(stage.Refused);
    }
}
