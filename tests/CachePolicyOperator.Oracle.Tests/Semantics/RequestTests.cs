using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Oracle.Tests.Semantics;

/// <summary>How a request reaches VCL: what varnishd does is what the exploration says, on the same VCL.</summary>
[Collection(VarnishTests.Name)]
public sealed class RequestTests(VarnishFixture fixture)
{
    [Fact]
    public async Task Of_two_Cookie_lines_a_condition_reads_the_first_and_the_origin_gets_both()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { if (req.http.Cookie ~ "sid=") { return (pass); } return (hash); }
            """,
            Ask.For("/p", ("Cookie", "theme=dark"), ("Cookie", "sid=alice")), Ask.For("/p"),
                Ask.For("/p", ("Cookie", "sid=alice")));

        Assert.Equal(["theme=dark", "sid=alice"], told.OriginSaw(0, "cookie"));
        Assert.True(told.IsHit(1));
        Assert.True(told.IsPassed(2));
    }

    [Fact]
    public async Task An_absolute_target_becomes_a_path_as_the_engine_makes_it()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { if (req.url ~ "^/") { return (pass); } return (hash); }
            """,
            Ask.For("https://inner/mine"), Ask.For("http://inner/mine"), Ask.For("http://inner"), Ask.For("mine"),
                Ask.For("/a#b\\c"));

        // Since 7.7 every absolute form becomes a path, also one without a path.
        var isMended = Engine.IsSince(7, 7);
        Assert.Equal(isMended ? ["/mine", "inner"] : ["https://inner/mine", "www.example.com"], told.Key(0));
        Assert.Equal(["/mine", "inner"], told.Key(1));
        Assert.Equal([!isMended, false, !isMended, true, false], Enumerable.Range(0, 5).Select(told.IsLookedUp));
    }

    [Fact]
    public async Task Absent_is_equal_to_nothing_and_a_negation_holds_for_the_whole_comparison()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv {
                set req.http.Is = "";
                if (!req.http.Given ~ "z") { set req.http.Is = req.http.Is + "a"; }
                if (req.http.None == "") { set req.http.Is = req.http.Is + "b"; }
                if (req.http.None != "word") { set req.http.Is = req.http.Is + "c"; }
                if (req.http.None ~ "^$") { set req.http.Is = req.http.Is + "d"; }
                if (req.http.None + "" == "") { set req.http.Is = req.http.Is + "e"; }
                if (req.http.None == req.http.Neither) { set req.http.Is = req.http.Is + "f"; }
                set req.http.Copy = req.http.None;
                if (req.http.Copy) { set req.http.Is = req.http.Is + "g"; }
                if (req.http.None == req.http.Copy) { set req.http.Is = req.http.Is + "h"; }
                set req.http.Sub = regsub(req.http.None, "x", "y");
                if (req.http.Sub) { set req.http.Is = req.http.Is + "i"; }
                if (REQ.URL ~ "/") { set req.http.Is = req.http.Is + "j"; }
                if (req.http.Copy == "") { set req.http.Is = req.http.Is + "k"; }
                return (hash);
            }
            sub vcl_hash { hash_data(req.http.Is); return (lookup); }
            """,
            Ask.For("/", ("Given", "word")));

        Assert.Equal("acdegijk", string.Concat(told.Key(0)));
    }

    [Fact]
    public async Task What_Connection_names_is_dropped_behind_vcl_recv_and_a_known_name_is_refused()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { set req.http.Saw = req.http.X-Mine; return (hash); }
            """,
            Ask.For("/", ("X-Mine", "1"), ("Connection", "x-mine")),
                Ask.For("/2", ("Cookie", "1"), ("Connection", "cookie")));

        Assert.Equal(["1"], told.OriginSaw(0, "saw"));
        Assert.Empty(told.OriginSaw(0, "x-mine"));
        Assert.Throws<InvalidOperationException>(() => told.Of(1));
    }

    [Fact]
    public async Task A_pattern_past_the_limit_of_steps_fails_the_request_and_is_no_way_to_a_lookup()
    {
        await fixture.Varnish.SetAsync("pcre2_match_limit", "10");
        try
        {
            var told = await Told.ByAsync(fixture, false, """
                sub vcl_recv { if (req.url ~ "^/(b+)+$") { return (pass); } return (hash); }
                """,
                Ask.For("/" + new string('b', 40) + "!"), Ask.For("/c"));

            Assert.Equal("fail", told.Of(0).Rounds[0].Log.ReturnOf("RECV"));
            Assert.False(told.IsLookedUp(0));
        }
        finally
        {
            await fixture.Varnish.SetAsync("pcre2_match_limit", "10000");
        }
    }

    [Fact]
    public async Task A_byte_above_ASCII_arrives_and_a_folded_line_becomes_one_with_spaces()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { if (req.http.Long ~ "^one +two$") { return (hash); } return (pass); }
            """,
            Ask.For("/\xe9", ("Long", "one\r\n two")), Ask.For("/\xe9", ("Long", "one")));

        Assert.Equal("/\xe9", told.Key(0)[0]);
        Assert.Equal([true, false], [told.IsLookedUp(0), told.IsLookedUp(1)]);
    }

    [Fact]
    public async Task Names_of_subroutines_have_no_case_and_two_of_one_name_run_in_order()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub VCL_Recv { set req.http.Way = req.http.Way + "one "; }
            sub vcl_recv { set req.http.Way = req.http.Way + "two"; return (hash); }
            sub vcl_hash { hash_data(req.http.Way); return (lookup); }
            """,
            Ask.For("/"));

        Assert.Equal("one two", string.Concat(told.Key(0)));
    }

    [Fact]
    public async Task Unset_takes_all_lines_and_X_Forwarded_For_is_one_line_with_the_client_behind_it()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv { unset req.http.Twice; return (hash); }
            sub vcl_hash { hash_data(req.http.X-Forwarded-For); return (lookup); }
            """,
            Ask.For("/", ("Twice", "1"), ("Twice", "2"), ("X-Forwarded-For", "192.0.2.1"),
                ("X-Forwarded-For", "192.0.2.2")));

        Assert.Equal(["192.0.2.1, 192.0.2.2, 127.0.0.1"], told.Key(0));
        Assert.Empty(told.OriginSaw(0, "twice"));
    }

    [Fact]
    public async Task Collected_Cookie_lines_are_read_as_one()
    {
        var told = await Told.ByAsync(fixture, false, """
            import std;
            sub vcl_recv { std.collect(req.http.Cookie, "; "); if (req.http.Cookie ~ "(^|; )sid=") { return (pass); } return (hash); }
            """,
            Ask.For("/", ("Cookie", "theme=dark"), ("Cookie", "sid=alice")), Ask.For("/", ("Cookie", "theme=dark")));

        Assert.Equal(["theme=dark; sid=alice"], told.OriginSaw(0, "cookie"));
        Assert.Equal([true, false], [told.IsPassed(0), told.IsPassed(1)]);
    }

    [Fact]
    public async Task Blanks_before_a_value_that_the_VCL_writes_are_not_read_again()
    {
        var told = await Told.ByAsync(fixture, true, """
            sub vcl_recv {
                set req.http.Is = " " + req.http.Given;
                set req.http.Cut = regsub(req.http.Given, "^a", "");
                if (req.http.Is ~ "^ ") { return (pass); }
                if (req.http.Cut ~ "^ ") { return (pass); }
                return (hash);
            }
            sub vcl_hash { hash_data(req.http.Is); hash_data(req.http.Cut); return (lookup); }
            """,
            Ask.For("/", ("Given", "a  b")));

        Assert.Equal(["a  b", "b"], told.Key(0));
    }
}
