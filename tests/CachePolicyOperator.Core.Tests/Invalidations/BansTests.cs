using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Tests.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Invalidations;

/// <summary>Which stored pages of a real varnishd, with a rendered VCL, a ban takes out.</summary>
public sealed class BansTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        identity cookie session
        rule pages prefix / ttl 10m query *
        """;

    private const string Host = "HOST";

    private static readonly string[] Targets =
        ["/news", "/news/", "/news?page=2", "/news/1", "/newsletter", "/caf%C3%A9", "/a.b", "/axb", "/"];

    private static readonly Dictionary<string, string> Tags = new()
    {
        ["/news"] = "Surrogate-Key: p10",
        ["/news/1"] = "Surrogate-Key: p1 p10",
        ["/newsletter"] = "xkey: x,p1|xkey: y",
        ["/axb"] = "Cache-Tag: p1-other",
        ["/a.b"] = "X-Magento-Tags: cat_1,a.b",
    };

    public static TheoryData<string[], string[], string[], string[], string[]> Cases() => new()
    {
        { [], ["/news"], [], [], ["/news", "/news/", "/news?page=2"] },
        { [], ["/news/"], [], [], ["/news", "/news/", "/news?page=2"] },
        { [], [], ["/news"], [], ["/news", "/news/", "/news?page=2", "/news/1"] },
        { [], [], ["/news/"], [], ["/news", "/news/", "/news?page=2", "/news/1"] },
        { [], [], ["/"], [], Targets },
        { [], ["/"], [], [], ["/"] },
        { [], ["/café"], [], [], ["/caf%C3%A9"] },
        { [], ["/a.b"], [], [], ["/a.b"] },
        { [], [], [], ["p1"], ["/news/1", "/newsletter"] },
        { [], [], [], ["p10", "y"], ["/news", "/news/1", "/newsletter"] },
        { [], [], [], ["a.b"], ["/a.b"] },
        { [], [], [], ["a+b", "P1", "p"], [] },
        { [], ["/axb"], ["/newsletter"], ["p10"], ["/axb", "/newsletter", "/news", "/news/1"] },
        { [Host], [], [], [], Targets },
        { [Host], ["/axb"], [], ["x"], ["/axb", "/newsletter"] },
        { ["other.example.com"], [], [], [], [] },
        { ["other.example.com"], ["/axb"], ["/news"], ["p1"], [] },
        { [], [], [], [], Targets },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_ban_takes_out_what_is_meant_and_nothing_else(
        string[] hosts, string[] paths, string[] prefixes, string[] tags, string[] gone)
    {
        var site = await StoredAsync();

        await BanAsync(new StoredPages(
            [.. hosts.Select(h => h == Host ? site.Host : h)], [.. paths], [.. prefixes], [.. tags]));

        var missed = new List<string>();
        foreach (var target in Targets)
        {
            if (!(await site.GetAsync(target)).IsHit())
            {
                missed.Add(target);
            }
        }

        Assert.Equal(gone.Order(), missed.Order());
    }

    [Theory]
    [InlineData("/news/*", "/news/", "/news/1")]
    [InlineData("/*", "/news", "/news/", "/news?page=2", "/newsletter", "/caf%C3%A9", "/a.b", "/axb", "/")]
    [InlineData("/news**", "/news", "/news/", "/news?page=2", "/news/1", "/newsletter")]
    [InlineData("/**/1", "/news/1")]
    [InlineData("/a.*", "/a.b")]
    [InlineData("/caf*é", "/caf%C3%A9")]
    [InlineData("/c*f")]
    [InlineData("/ca*é", "/caf%C3%A9")]
    [InlineData("/*/", "/news", "/news/", "/news?page=2", "/newsletter", "/caf%C3%A9", "/a.b", "/axb", "/")]
    [InlineData("/a[.]*")]
    [InlineData("/*|/axb")]
    [InlineData("/x*\" || obj.status != 0 || obj.http.x ~ \"")]
    public async Task A_ban_by_a_pattern_takes_out_what_is_like_it_and_nothing_of_it_is_read_otherwise(
        string pattern, params string[] gone)
    {
        var site = await StoredAsync();

        await BanAsync(new StoredPages([], [], [], []) { PathPatterns = [pattern] });

        var missed = new List<string>();
        foreach (var target in Targets)
        {
            if (!(await site.GetAsync(target)).IsHit())
            {
                missed.Add(target);
            }
        }

        Assert.Equal(gone.Order(), missed.Order());
    }

    [Fact]
    public async Task A_thousand_long_paths_are_taken_out_by_patterns_that_varnishd_takes()
    {
        var site = await StoredAsync();
        string[] paths = [.. Enumerable.Range(0, 1000).Select(i => $"/{new string('x', 200)}/{i}"), "/axb"];

        await BanAsync(new StoredPages([], [.. paths], [], []));

        Assert.False((await site.GetAsync("/axb")).IsHit());
        Assert.True((await site.GetAsync("/a.b")).IsHit());
    }

    [Fact]
    public async Task What_a_ban_finds_a_page_by_is_told_to_no_client()
    {
        var site = await StoredAsync();

        var hit = await site.GetAsync("/news/1");

        Assert.True(hit.IsHit());
        Assert.DoesNotContain(hit.Headers, h => h.Key.StartsWith("X-CachePolicy", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("p1 p10", hit.Header("Surrogate-Key"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Tags_as_long_as_varnishd_takes_fields_keep_no_page_from_its_readers(int fields)
    {
        var site = await rig.ServeAsync(Policy);
        string[] names = ["X-Magento-Tags", "Surrogate-Key", "Cache-Tag"];
        site.Answers(request => names.Take(fields).Aggregate(
            site.Greeting(request), (r, name) => r.With(name, $"{name[..1]}1 {new string('t', 8_000)} last")));

        var first = await site.GetAsync("/news");

        Assert.Equal(200, first.Status);
        Assert.True((await site.GetAsync("/news")).IsHit());
    }

    [Theory]
    [InlineData("/news/1", true)]
    [InlineData("/café au lait", true)]
    [InlineData("/a%2Fb", false)]
    [InlineData("/a//b", false)]
    [InlineData("/it's", false)]
    public void A_path_that_may_be_read_differently_is_never_stored(string path, bool can) =>
        Assert.Equal(can, Bans.CanBeStored(path));

    private async Task<Site> StoredAsync()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => Tagged(site.Greeting(request), Tags.GetValueOrDefault(request.Target, "")));
        foreach (var target in Targets)
        {
            await site.GetAsync(target);
            Assert.True((await site.GetAsync(target)).IsHit(), target);
        }

        return site;
    }

    private static OriginResponse Tagged(OriginResponse response, string fields) =>
        fields.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split(": "))
            .Aggregate(response, (r, f) => r.With(f[0], f[1]));

    private async Task BanAsync(StoredPages pages)
    {
        foreach (var ban in Bans.Of(pages))
        {
            await rig.Varnish.AdminAsync(["ban", .. ban.Items.Select(Quoted)]);
        }
    }

    private static string Quoted(string word) =>
        word.Contains('\\', StringComparison.Ordinal) || word.Contains('^', StringComparison.Ordinal)
            || word.Contains('(', StringComparison.Ordinal)
            ? $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal)}\""
            : word;
}
