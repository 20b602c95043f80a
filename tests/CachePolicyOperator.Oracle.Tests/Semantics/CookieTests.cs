using CachePolicyOperator.Oracle.Generate;
using CachePolicyOperator.Oracle.Real;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Oracle.Tests.Semantics;

/// <summary>Vmod cookie: what varnishd makes of cookies is what the exploration says, and nothing else.</summary>
[Collection(VarnishTests.Name)]
public sealed class CookieTests(VarnishFixture fixture)
{
    private const string ReadAll = """
        import cookie;
        sub vcl_recv {
            cookie.parse(req.http.Cookie);
            set req.http.All = "[" + cookie.get_string() + "]";
            set req.http.One = "[" + cookie.get("session") + "]";
            return (hash);
        }
        sub vcl_hash { hash_data(req.http.All); hash_data(req.http.One); return (lookup); }
        """;

    private static readonly string[] Pieces =
        ["session=1", "session=2", "session=", "session", "session =3", "xsession=4", "lang=en", "lang=a b",
            "lang=x,session=5", "a=1=2", "=6", "_ga=7", "\"q\"=\"8\"", " ", "\xe9=9", "Session=A"];

    private static readonly string[] Joints = ["; ", "; ", "; ", ";", ";;", " ; ", ";\t", " ", ", "];

    private static readonly string[] Edits =
    [
        "cookie.delete(\"session\");", "cookie.delete(\"lang\");", "cookie.keep(\"session\");",
            "cookie.keep(\"session, lang,,_ga\");", "cookie.keep(\"lang ,session \");",
        "cookie.filter(\"_ga,lang\");", "cookie.filter(\"\");", "cookie.filter_re(\"^_\");",
            "cookie.filter_re(\"session\");", "cookie.keep_re(\"^(session|a)$\");", "cookie.keep_re(\"(?i)s\");",
        "cookie.set(\"session\", \"set\");", "cookie.set(\"new\", \"1\");", "cookie.set(\"lang\", \"\");",
            "cookie.clean();", "cookie.parse(\"\");", "cookie.parse(req.http.X-None);",
        "cookie.parse(req.http.Cookie);", "cookie.parse(cookie.get_string());",
            "cookie.parse(regsuball(req.http.Cookie, \"session\", \"lang\"));",
    ];

    [Theory]
    [InlineData("session=1", "session=1;")]
    [InlineData("  session=1 ;lang=en;", "session=1 ; lang=en;")]
    [InlineData("other; session=1", "other; session=1;", false)]
    [InlineData("a=1;;session=1", "a=1; ;session=1;", false)]
    [InlineData("xsession=1; session =2; Session=3", "xsession=1; session =2; Session=3;", false)]
    [InlineData("session=1; a=2; session=3", "session=3; a=2;")]
    [InlineData("session=1; session=", "session=1;")]
    [InlineData("session=; =2; rest", "", false)]
    [InlineData("session=a=b", "session=a=b;")]
    public async Task A_cookie_is_what_stands_before_the_next_equal_sign_and_behind_it(
        string cookie, string written, bool hasSession = true)
    {
        var told = await Told.ByAsync(fixture, true, ReadAll, Ask.For("/", ("Cookie", cookie)));

        Assert.Equal($"[{AsWritten(written)}]", told.Key(0)[0]);
        Assert.Equal(hasSession, told.Key(0)[1] != "[]");
    }

    [Fact]
    public async Task Of_two_lines_the_first_is_parsed_and_of_no_line_nothing()
    {
        var told = await Told.ByAsync(fixture, true, ReadAll, Ask.For("/", ("Cookie", "a=1"), ("Cookie", "session=2")),
            Ask.For("/"));

        Assert.Equal([$"[{AsWritten("a=1;")}]", "[]"], [told.Key(0)[0], told.Key(1)[0]]);
    }

    [Fact]
    public async Task What_was_parsed_stays_where_there_is_nothing_to_parse_and_over_a_restart_but_not_for_the_fetch()
    {
        var told = await Told.ByAsync(fixture, true, """
            import cookie;
            sub vcl_recv {
                if (req.restarts == 0) { cookie.parse(req.http.Cookie); return (restart); }
                cookie.parse(req.http.X-None);
                return (hash);
            }
            sub vcl_hash { hash_data(cookie.get_string()); return (lookup); }
            sub vcl_backend_fetch { set bereq.http.X-Fetch = "[" + cookie.get_string() + "]"; }
            """,
            Ask.For("/", ("Cookie", "session=1")));

        Assert.Equal(AsWritten("session=1;"), told.Key(0)[0]);
        Assert.Equal(["[]"], told.OriginSaw(0, "x-fetch"));
    }

    [Fact]
    public async Task A_rollback_forgets_what_was_parsed_and_a_retry_does_not()
    {
        var told = await Told.ByAsync(fixture, false, """
            import cookie;
            sub vcl_recv { cookie.parse(req.http.Cookie); std.rollback(req); return (hash); }
            sub vcl_hash { set req.http.All = "[" + cookie.get_string() + "]"; hash_data(req.http.All); return (lookup); }
            sub vcl_backend_fetch {
                if (bereq.retries == 0) { cookie.parse(bereq.http.Cookie); }
                set bereq.http.X-Fetch = cookie.get("session");
            }
            sub vcl_backend_response { if (bereq.retries == 0) { return (retry); } }
            """,
            Ask.For("/", ("Cookie", "session=1")));

        Assert.Equal("[]", told.Key(0)[0]);
        Assert.Equal(["1"], told.OriginSaw(0, "x-fetch"));
    }

    [Fact]
    public async Task No_cookie_is_equal_to_nothing_and_all_of_none_are_the_empty_string()
    {
        var told = await Told.ByAsync(fixture, true, """
            import cookie;
            sub vcl_recv {
                cookie.parse(req.http.Cookie);
                set req.http.Is = "";
                if (cookie.get("none") == "") { set req.http.Is = req.http.Is + "a"; }
                if (cookie.get("none") != "x") { set req.http.Is = req.http.Is + "b"; }
                if (cookie.get("none") ~ "^$") { set req.http.Is = req.http.Is + "c"; }
                if (cookie.get("none")) { set req.http.Is = req.http.Is + "d"; }
                if (cookie.get("session")) { set req.http.Is = req.http.Is + "e"; }
                if (cookie.isset("")) { set req.http.Is = req.http.Is + "f"; }
                cookie.clean();
                if (cookie.get_string() == "") { set req.http.Is = req.http.Is + "g"; }
                if (cookie.get_string()) { set req.http.Is = req.http.Is + "h"; }
                if (cookie.get_re("s") == "") { set req.http.Is = req.http.Is + "i"; }
                return (hash);
            }
            sub vcl_hash { hash_data(req.http.Is); return (lookup); }
            """,
            Ask.For("/", ("Cookie", "session=1")));

        Assert.Equal("bcegh", told.Key(0)[0]);
    }

    [Fact]
    public async Task More_cookies_than_the_workspace_holds_fail_the_request()
    {
        var told = await Told.ByAsync(fixture, false, """
            import cookie;
            sub vcl_recv { cookie.parse(req.http.Cookie); if (cookie.isset("session")) { return (pass); } return (hash); }
            """,
            Ask.For("/many",
                ("Cookie", string.Concat(Enumerable.Range(0, 1500).Select(i => $"{i:x}=;")) + "session=1")),
            Ask.For("/", ("Cookie", "session=1")));

        Assert.True(told.IsPassed(0));
        Assert.True(told.IsPassed(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Any_edits_of_any_cookies_end_as_foretold(int seed)
    {
        var dice = new Dice((ulong)seed);
        var edits = string.Join("\n    ", Enumerable.Range(0, 1 + dice.Below(4)).Select(_ => dice.Of(Edits)));
        Exchange[] exchanges = [.. Enumerable.Range(0, 60).Select(i => Ask.For($"/{i}", ("Cookie", Cookie(dice))))];

        // What is parsed once more of its own text may be followed by more than it holds.
        var isExact = !edits.Contains("cookie.parse(cookie.get_string())", StringComparison.Ordinal);
        var told = await Told.ByAsync(fixture, isExact, $$"""
            import cookie;
            sub vcl_recv {
                cookie.parse(req.http.Cookie);
                {{edits}}
                set req.http.Is = "";
                if (cookie.isset("session")) { set req.http.Is = "session"; }
                if (cookie.get("lang") ~ "e") { set req.http.Is = req.http.Is + " e"; }
                set req.http.Is = "[" + req.http.Is + "]";
                set req.http.All = "[" + cookie.get_string() + "]";
                set req.http.Some = "[" + cookie.get("session") + "," + cookie.get("lang") + "," + cookie.get_re("^.a") + "," + cookie.get_re("s");
                return (hash);
            }
            sub vcl_hash { hash_data(req.http.All); hash_data(req.http.Some); hash_data(req.http.Is); return (lookup); }
            """,
            exchanges);

        Assert.All(Enumerable.Range(0, exchanges.Length), i => Assert.Equal(3, told.Key(i).Count));
    }

    // Up to 7.1 with a `;` behind the last cookie.
    private static string AsWritten(string cookies) => Engine.IsSince(7, 2) ? cookies.TrimEnd(';') : cookies;

    private static string Cookie(Dice dice) =>
        string.Concat(Enumerable.Range(0, dice.Below(6)).Select(_ => dice.Of(Pieces) + dice.Of(Joints)))
            + (dice.OneIn(2) ? dice.Of(Pieces) : string.Empty);
}
