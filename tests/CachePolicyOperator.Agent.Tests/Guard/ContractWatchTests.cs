using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Agent.Tests.Guard;

/// <summary>What a real origin says of its personal answers, as the log of a real varnishd has it.</summary>
public sealed class ContractWatchTests
{
    /// <summary>As the guard declares it.</summary>
    private const string Route = "pathPrefix /mypage";

    [Theory]
    [InlineData("private", true)]
    [InlineData("max-age=0, No-Store", true)]
    [InlineData("private=\"set-cookie\"", false)]
    [InlineData("no-cache", false)]
    [InlineData("max-age=60", false)]
    [InlineData(null, false)]
    public async Task A_personal_page_is_kept_where_the_origin_itself_forbids_to_store_it(string? said, bool isKept)
    {
        await using var pod = await CachePod.StartAsync(answer: r => r.Path == "/mypage" && said is not null
            ? OriginResponse.Text("page").With("Cache-Control", said)
            : OriginResponse.Text("page"));
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));

        await pod.GetAsync("/mypage", "alice");
        await pod.GetAsync("/other", "alice");

        var told =
            await pod.Agent.StatusAsync("it is seen", s => s.Contract is { Kept.Count: > 0 } or { Broken.Count: > 0 });
        Assert.Equal(isKept ? Route : "", string.Join(' ', told.Contract!.Kept.Items));
        Assert.Equal(isKept ? "" : Route, string.Join(' ', told.Contract.Broken.Items));
    }

    [Fact]
    public async Task One_answer_that_is_not_forbidden_counts_against_its_route_and_errors_and_posts_do_not()
    {
        await using var pod = await CachePod.StartAsync(answer: r =>
            r.Path == "/mypage/new" ? OriginResponse.Text("page")
            : r.Path == "/account" ? OriginResponse.Text("none", 404)
            : OriginResponse.Text("page").With("Cache-Control", "private"));
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));

        await pod.GetAsync("/mypage", "alice");
        await pod.GetAsync("/account", "alice");
        await RawHttp.SendAsync(pod.Varnish.HttpPort, "POST", "/account", ("Content-Length", "0"));
        await pod.Agent.StatusAsync("the first is seen", s => s.Contract is { Kept.Count: 1, Broken.Count: 0 });
        await pod.GetAsync("/mypage/new", "alice");

        var told = await pod.Agent.StatusAsync("the other is seen", s => s.Contract is { Broken.Count: > 0 });
        Assert.Equal((Route, 0), (string.Join(' ', told.Contract!.Broken.Items), told.Contract.Kept.Count));
    }
}
