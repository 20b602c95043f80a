using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Judge;
using CachePolicyOperator.Oracle.Model;
using CachePolicyOperator.Oracle.Real;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Oracle.Tests.Semantics;

/// <summary>
/// What is stored, and who is served it: what varnishd does is what the exploration says, on the same VCL.
/// </summary>
[Collection(VarnishTests.Name)]
public sealed class StoreTests(VarnishFixture fixture)
{
    [Fact]
    public async Task No_lifetime_is_no_hit_even_with_grace()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_backend_response { set beresp.ttl = 0s; set beresp.grace = 1h; return (deliver); }
            """,
            Ask.For("/"), Ask.For("/"));

        Assert.Equal([false, false], [told.IsHit(0), told.IsHit(1)]);
    }

    [Fact]
    public async Task The_shortest_lifetime_with_grace_is_a_hit()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_backend_response { set beresp.ttl = 1ms; set beresp.grace = 1h; return (deliver); }
            """,
            Ask.For("/"), Ask.For("/"));

        Assert.True(told.IsHit(1));
    }

    [Fact]
    public async Task Nothing_but_VCL_keeps_an_authorised_private_answer_out_of_the_cache()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { return (hash); }
            sub vcl_backend_response { return (deliver); }
            """,
            Ask.For("/", ("Authorization", "Bearer alice"))
                .Answered(("Cache-Control", "private, max-age=60"), ("Set-Cookie", "sid=alice")), Ask.For("/"));

        Assert.Equal(["Bearer alice"], told.OriginSaw(0, "authorization"));
        Assert.True(told.IsHit(1));
    }

    [Fact]
    public async Task A_page_of_vcl_backend_error_is_stored_with_what_it_says_of_the_request()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { return (hash); }
            sub vcl_backend_error { set beresp.ttl = 1m; synthetic("sorry, " + bereq.http.Cookie); return (deliver); }
            """,
            Ask.For("/", ("Cookie", "sid=alice")).Unanswered(), Ask.For("/", ("Cookie", "sid=bob")));

        Assert.True(told.IsHit(1));
    }

    [Fact]
    public async Task Hit_for_miss_lasts_until_the_next_answer_that_may_be_stored()
    {
        var told = await Told.ByAsync(fixture, true, "sub vcl_recv { return (hash); }",
            Ask.For("/", ("Cookie", "sid=alice")).Answered(("Cache-Control", "private")), Ask.For("/"),
                Ask.For("/", ("Cookie", "sid=alice")));

        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(told.IsHit));
    }

    [Fact]
    public async Task A_request_that_waits_for_a_fetch_gets_an_answer_without_lifetime_since_8_0()
    {
        const string Body = """
            sub vcl_recv { return (hash); }
            sub vcl_backend_response { set beresp.ttl = 0s; set beresp.grace = 0s; return (deliver); }
            """;
        var vcl = Told.Vcl(Body).Replace(Case.Port, fixture.Varnish.OriginPort.ToString(), StringComparison.Ordinal);
        Assert.Null(await fixture.Varnish.UseAsync(vcl, CancellationToken.None));

        var happenings = await fixture.Varnish.PlayWaitingAsync(Ask.For("/"), Ask.For("/"), CancellationToken.None);

        Assert.Empty(new BatchJudge(VclModel.Of(vcl, Trials.Engine, out _)!).Judge(happenings).Unsound);
        Assert.Equal(Engine.IsSince(8) ? 1 : 2,
            happenings.All.Count(h => h.Rounds[0].Fetches.Count == 1 && h.Rounds[0].Log.HitObject is null));
    }

    [Fact]
    public async Task Vary_compares_what_was_sent_with_what_is_asked_and_misses_where_VCL_changed_it_between()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { set req.http.Aside = req.http.Cookie; unset req.http.Cookie; return (hash); }
            sub vcl_backend_fetch { set bereq.http.Cookie = bereq.http.Aside; unset bereq.http.Aside; }
            """,
            Ask.For("/", ("Cookie", "sid=alice")).Answered(("Cache-Control", "max-age=60"), ("Vary", "Cookie")),
            Ask.For("/", ("Cookie", "sid=alice")));

        Assert.False(told.IsHit(1));
        Assert.Equal(["sid=alice"], told.OriginSaw(1, "cookie"));
    }

    [Fact]
    public async Task What_is_passed_cannot_be_made_to_be_stored()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { if (req.http.Cookie) { return (pass); } return (hash); }
            sub vcl_backend_response { set beresp.uncacheable = false; set beresp.ttl = 1h; return (deliver); }
            """,
            Ask.For("/", ("Cookie", "sid=alice")), Ask.For("/"));

        Assert.True(told.IsPassed(0));
        Assert.False(told.IsHit(1));
    }

    [Fact]
    public async Task A_pass_in_vcl_backend_response_stores_nothing_that_is_served()
    {
        var told = await Told.ByAsync(fixture, true, "sub vcl_backend_response { return (pass(0s)); }", Ask.For("/"),
            Ask.For("/"));

        Assert.Equal([false, false], [told.IsHit(0), told.IsHit(1)]);
    }

    [Fact]
    public async Task A_fragment_has_its_own_lookup_and_the_cookie_of_the_page()
    {
        var told = await Told.ByAsync(fixture, false, """
            sub vcl_recv { if (req.esi_level == 0 && req.url ~ "^/mine") { return (pass); } return (hash); }
            sub vcl_backend_response { set beresp.do_esi = true; return (deliver); }
            """,
            Page("sid=alice"), Page("sid=bob"), Ask.For("/mine", ("Cookie", "sid=bob")));

        Assert.Equal("GET /mine HTTP/1.1", Told.SeenOf(told.Fragment(0))!.First);
        Assert.Equal("sid=alice", Told.SeenOf(told.Fragment(0))!.Field("cookie"));
        Assert.NotNull(told.Fragment(1).Rounds[0].Log.HitObject);
        Assert.True(told.IsPassed(2));
    }

    [Fact]
    public async Task A_fragment_is_asked_for_with_the_request_as_the_client_sent_it()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { if (req.url == "/page") { unset req.http.Cookie; } return (hash); }
            sub vcl_backend_response { set beresp.do_esi = true; return (deliver); }
            """,
            Page("sid=alice"), Page("sid=bob"));

        Assert.Empty(told.OriginSaw(0, "cookie"));
        Assert.Equal("sid=alice", Told.SeenOf(told.Fragment(0))!.Field("cookie"));
        Assert.NotNull(told.Fragment(1).Rounds[0].Log.HitObject);
    }

    private static Exchange Page(string cookie) =>
        Ask.For("/page", ("Cookie", cookie))
            .AnsweredBy("<html><esi:include src=\"/mine\"/></html>", ("Cache-Control", "max-age=60"));
}
