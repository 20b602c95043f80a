using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>How long what an origin says, or does not say, is fresh, and what happens afterwards.</summary>
public sealed class LifetimeTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        identity cookie session
        rule origin path /origin origin max 10m
        rule unbounded path /unbounded origin
        rule bounded path /bounded origin min 2m default 30s max 10m status=404=5s status=301=1h status=410=0s
        rule fixed path /fixed ttl 10m status=404=7s
        rule silent path /silent origin status=404=9s
        rule kept path /kept ttl 1s keep 10m
        rule said path /said origin
        rule never path /never origin grace 0s
        """;

    [Theory]
    [InlineData("/origin", 200, "Expires: Thu, 01 Jan 2026 00:01:40 GMT|Date: Thu, 01 Jan 2026 00:00:00 GMT", 100)]
    [InlineData("/origin", 200, "Expires: Fri, 01 Jan 2100 00:01:40 GMT|Date: Fri, 01 Jan 2100 00:00:00 GMT|Age: 40",
        60)]
    [InlineData("/unbounded", 200, "Cache-Control: max-age=864000", 86_400)]
    [InlineData("/bounded", 200, "Cache-Control: max-age=10", 120)]
    [InlineData("/bounded", 200, "Cache-Control: max-age=3600", 600)]
    [InlineData("/bounded", 200, "", 30)]
    [InlineData("/bounded", 404, "", 5)]
    [InlineData("/bounded", 404, "Cache-Control: max-age=300", 5)]
    [InlineData("/bounded", 301, "", 3600)]
    [InlineData("/fixed", 404, "", 7)]
    [InlineData("/fixed", 410, "", 600)]
    [InlineData("/silent", 404, "", 9)]
    [InlineData("/silent", 404, "Cache-Control: max-age=0", 9)]
    public async Task An_answer_lives_as_long_as_origin_and_rule_say(
        string target, int status, string fields, int seconds)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => With(site.Greeting(request) with { Status = status }, fields));

        var first = await site.GetAsync(target);

        var ttl = int.Parse(first.CacheStatus().Split("; stored; ttl=")[1]);
        Assert.InRange(ttl, seconds - 5, seconds);
    }

    [Theory]
    [InlineData("/origin", 200, "Expires: Fri, 01 Jan 2100 00:00:00 GMT|Date: Fri, 01 Jan 2100 00:00:00 GMT")]
    [InlineData("/fixed", 200, "Expires: Fri, 01 Jan 2100 00:00:00 GMT|Date: Fri, 01 Jan 2100 00:00:01 GMT")]
    [InlineData("/bounded", 200, "Cache-Control: max-age=0")]
    [InlineData("/bounded", 200, "Expires: 0")]
    [InlineData("/bounded", 200, "Cache-Control: private")]
    [InlineData("/bounded", 302, "")]
    [InlineData("/silent", 200, "")]
    [InlineData("/silent", 404, "Cache-Control: no-store")]
    [InlineData("/silent", 404, "Expires: 0")]
    [InlineData("/bounded", 410, "")]
    public async Task What_is_stale_already_or_not_to_be_stored_is_not(string target, int status, string fields)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => With(site.Greeting(request) with { Status = status }, fields));

        var first = await site.GetAsync(target);
        var second = await site.GetAsync(target);

        // An object that lives no time would be handed to whoever waits for it, by newer engines.
        Assert.DoesNotContain("; stored", first.CacheStatus(), StringComparison.Ordinal);
        Assert.False(second.IsHit(), second.CacheStatus());
    }

    [Theory]
    [InlineData("/said", "max-age=1, stale-while-revalidate=300", true)]
    [InlineData("/said", "max-age=1, STALE-WHILE-REVALIDATE=300, public", true)]
    [InlineData("/said", "max-age=1", false)]
    [InlineData("/said", "max-age=1, stale-while-revalidate", false)]
    [InlineData("/said", "max-age=1, x-stale-while-revalidate=300", false)]
    [InlineData("/said", "max-age=1, stale-while-revalidate=300, must-revalidate", false)]
    [InlineData("/said", "max-age=1, stale-while-revalidate=-300", false)]
    [InlineData("/never", "max-age=1, stale-while-revalidate=300", false)]
    public async Task An_answer_is_served_stale_where_the_origin_says_so_and_the_rule_does_not_say_otherwise(
        string target, string said, bool isServed)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Cache-Control", said));
        await site.GetAsync(target);

        var statuses = new List<string>();
        await Eventually.TrueAsync("the origin to be asked again", async _ =>
        {
            statuses.Add((await site.GetAsync(target)).CacheStatus());
            return site.Fetches.Count > 1;
        });

        Assert.Equal(isServed, statuses.All(status => status.Contains("hit", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_kept_answer_is_asked_for_with_its_tag_and_serves_again_where_nothing_changed()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => request.Header("If-None-Match").Contains("\"1\"")
            ? OriginResponse.Text("", 304).With("ETag", "\"1\"")
            : site.Greeting(request).With("ETag", "\"1\""));
        await site.GetAsync("/kept");

        var again = await Eventually.GetAsync("the lifetime to end", async _ =>
            await site.GetAsync("/kept") is var r && site.Fetches.Count > 1 ? r : null);

        Assert.Equal(["\"1\""], site.Fetches[1].Header("If-None-Match"));
        Assert.Equal((200, "hello stranger, GET /kept, answer 1"), (again.Status, again.Text));
        Assert.Contains("stored", again.CacheStatus(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_answer_that_has_become_private_is_not_stored_again()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => request.Header("If-None-Match").Count > 0
            ? OriginResponse.Text("", 304).With("ETag", "\"1\"").With("Cache-Control", "private")
            : site.Greeting(request).With("ETag", "\"1\""));
        await site.GetAsync("/kept");
        await Eventually.TrueAsync("the lifetime to end", async _ =>
        {
            await site.GetAsync("/kept");
            return site.Fetches.Count > 1;
        });

        var next = await site.GetAsync("/kept");

        Assert.False(next.IsHit(), next.CacheStatus());
    }

    [Fact]
    public async Task A_stale_answer_is_served_for_longer_while_the_origin_is_not_well_and_not_before()
    {
        var isWell = true;
        var site = await rig.ServeAsync(
            """
            origin probe /up every 20ms
            rule long path /long ttl 1s sick 1h
            rule short path /short ttl 1s
            """);
        site.Answers(request => request.Target == "/up" && !isWell ? OriginResponse.Text("", 500)
            : site.Greeting(request));
        // A machine that is busy may answer the first probes too late.
        await Eventually.TrueAsync("the first 200", async _ => (await site.GetAsync("/mine")).Status == 200);
        await site.GetAsync("/short");
        var well = new List<string>();
        await Eventually.TrueAsync("the lifetime to end", async _ =>
        {
            well.Add((await site.GetAsync("/long")).CacheStatus());
            return site.Fetches.Count(f => f.Target == "/long") > 1;
        });

        isWell = false;
        await Eventually.TrueAsync("what may not be served", async _ => (await site.GetAsync("/short")).Status == 503);
        await Eventually.TrueAsync("what may be", async _ =>
            await site.GetAsync("/long") is { Status: 200 } stale
                && stale.CacheStatus().Contains("; hit; ttl=-", StringComparison.Ordinal));

        Assert.Equal(2, well.Count(status => status.Contains("stored", StringComparison.Ordinal)));
        Assert.DoesNotContain(well, status => status.Contains("ttl=-", StringComparison.Ordinal));
    }

    private static OriginResponse With(OriginResponse response, string fields) => fields
        .Split('|', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(response, (r, field) => r.With(field.Split(": ")[0], field.Split(": ")[1]));
}
