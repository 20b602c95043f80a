namespace CachePolicyOperator.Oracle.Tests.Semantics;

/// <summary>
/// Keys, and what is fetched under them: what varnishd does is what the exploration says, on the same VCL.
/// </summary>
[Collection(VarnishTests.Name)]
public sealed class LookupTests(VarnishFixture fixture)
{
    [Fact]
    public async Task A_plain_return_in_a_built_in_hook_switches_the_hook_off()
    {
        var told = await Told.ByAsync(fixture, true, "sub vcl_req_cookie { return; }",
            Ask.For("/", ("Cookie", "sid=alice")), Ask.For("/", ("Cookie", "sid=bob")));

        Assert.Equal(["sid=alice"], told.OriginSaw(0, "cookie"));
        Assert.True(told.IsHit(1));
    }

    [Fact]
    public async Task Strands_of_one_hash_data_are_not_kept_apart_and_conditional_parts_meet()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { return (hash); }
            sub vcl_hash {
                hash_data(req.http.One + req.http.Two);
                if (req.http.Red) { hash_data(req.http.Red); }
                if (req.http.Blue) { hash_data(req.http.Blue); }
                return (lookup);
            }
            """,
            Ask.For("/", ("One", "a"), ("Two", "bc"), ("Red", "v")),
                Ask.For("/other", ("One", "ab"), ("Two", "c"), ("Blue", "v")));

        Assert.True(told.IsHit(1));
    }

    [Fact]
    public async Task The_body_of_a_GET_goes_to_the_origin_where_the_built_in_fetch_does_not_run()
    {
        var told =
            await Told.ByAsync(fixture, true, "sub vcl_backend_fetch { return (fetch); }", Ask.For("/").With("body"));

        Assert.Equal(["4"], told.OriginSaw(0, "content-length"));
    }

    [Fact]
    public async Task The_built_in_fetch_takes_the_body_of_a_GET_away()
    {
        var told = await Told.ByAsync(fixture, true, "sub vcl_recv { return (hash); }", Ask.For("/").With("body"));

        Assert.Empty(told.OriginSaw(0, "content-length"));
    }

    [Fact]
    public async Task A_POST_that_is_looked_up_is_fetched_with_GET_and_a_GET_gets_the_answer()
    {
        var told = await Told.ByAsync(fixture, true, "sub vcl_recv { return (hash); }",
            Ask.For("/form").By("POST").With("a=1"), Ask.For("/form"));

        Assert.StartsWith("GET ", told.Origin(0), StringComparison.Ordinal);
        Assert.True(told.IsHit(1));
    }

    [Fact]
    public async Task A_cookie_that_was_put_aside_comes_back_behind_the_key()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { set req.http.Aside = req.http.Cookie; unset req.http.Cookie; return (hash); }
            sub vcl_backend_fetch { set bereq.http.Cookie = bereq.http.Aside; unset bereq.http.Aside; }
            """,
            Ask.For("/", ("Cookie", "sid=alice")), Ask.For("/", ("Cookie", "sid=bob")));

        Assert.Equal(["sid=alice"], told.OriginSaw(0, "cookie"));
        Assert.True(told.IsHit(1));
    }

    [Fact]
    public async Task What_is_edited_behind_the_key_is_fetched_and_stored_under_the_key()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { set req.http.Aside = req.http.Cookie; unset req.http.Cookie; return (hash); }
            sub vcl_miss { set req.url = "/mine"; set req.http.Cookie = req.http.Aside; }
            """,
            Ask.For("/open", ("Cookie", "sid=alice")), Ask.For("/open"));

        Assert.Equal("/open", told.Key(0)[0]);
        Assert.Equal("GET /mine HTTP/1.1", told.Origin(0));
        Assert.Equal(["sid=alice"], told.OriginSaw(0, "cookie"));
        Assert.True(told.IsHit(1));
    }

    [Fact]
    public async Task A_restart_keeps_what_was_edited()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv {
                if (req.restarts == 0) { unset req.http.Cookie; set req.url = "/else"; return (restart); }
            }
            """,
            Ask.For("/mine", ("Cookie", "sid=alice")));

        Assert.Equal(1, told.Restarts(0));
        Assert.Equal("GET /else HTTP/1.1", told.Origin(0));
        Assert.Empty(told.OriginSaw(0, "cookie"));
    }

    [Fact]
    public async Task A_rollback_brings_back_what_was_unset()
    {
        var told = await Told.ByAsync(fixture, true, """
            import std;
            sub vcl_recv { unset req.http.Cookie; std.rollback(req); return (hash); }
            """,
            Ask.For("/", ("Cookie", "sid=alice")));

        Assert.True(told.IsLookedUp(0));
        Assert.Equal(["sid=alice"], told.OriginSaw(0, "cookie"));
    }

    [Fact]
    public async Task A_restart_runs_the_hash_of_the_round_that_it_ends()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { if (req.restarts == 0) { return (restart); } return (hash); }
            sub vcl_hash { set req.http.Edited = req.http.Edited + "+"; }
            """,
            Ask.For("/"));

        Assert.Equal(["++"], told.OriginSaw(0, "edited"));
    }
}
