using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Real;
using CachePolicyOperator.Oracle.Shrink;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>The oracle finds a wrong model: one that overlooks a statement.</summary>
[Collection(VarnishTests.Name)]
public sealed class PlantedMistakeTests(VarnishFixture fixture)
{
    private const string Vcl = """
        sub vcl_recv {
            if (req.url ~ "^/shop/") { set req.http.Section = "shop"; } else { set req.http.Section = "rest"; }
            unset req.http.X-Debug;
            if (req.http.Accept-Language !~ "^(en|de)") { unset req.http.Accept-Language; }
        }
        sub vcl_hash { hash_data(req.http.Section); }
        sub vcl_backend_fetch { set bereq.http.From = "cache"; }
        sub vcl_backend_response { if (beresp.http.X-Keep) { set beresp.ttl = 1h; } }
        """;

    [Theory]
    [InlineData("lookup", "sub vcl_req_cookie { return; }")]
    [InlineData("key", "sub vcl_hash { hash_data(req.http.X-Part); }")]
    [InlineData("forwarded", "sub vcl_miss { set req.http.Cookie = req.http.User-Agent; }")]
    [InlineData("stored", "sub vcl_beresp_cookie { return; }")]
    public async Task A_statement_that_the_model_overlooks_is_found_and_shrunk(string kind, string overlooked)
    {
        var trials = new Trials(fixture.Varnish, vcl => Without(vcl, overlooked));
        var played = new Case(Told.Vcl(Vcl + overlooked), [.. Enumerable.Range(0, 12).Select(Request)]);

        var trial = (await trials.PlayAsync(played, CancellationToken.None)).Trial!;
        var found = trial.Judgement.Unsound.First(u => u.Kind == kind);
        var small = await new Shrinker(trials).ShrinkAsync(played, found, CancellationToken.None);

        Assert.Single(small.Exchanges);
        Assert.True(small.Vcl.Split('\n').Length < 16, small.Vcl);
        Assert.Contains((await trials.PlayAsync(small, CancellationToken.None)).Trial!.Judgement.Unsound,
            u => u.Kind == kind);
        Assert.Empty((await fixture.Trials.PlayAsync(small, CancellationToken.None)).Trial!.Judgement.Unsound);
    }

    [Fact]
    public void A_golden_case_is_read_as_it_was_written()
    {
        var played = new Case(Told.Vcl(Vcl).TrimEnd() + "\n", [Request(1), Request(2).Unanswered()]);

        var (about, read, did) = GoldenCase.Read(GoldenCase.Write("what it is about", played, "0:\n  hash"));

        Assert.Equal("what it is about", about);
        Assert.Equal(played.Vcl, read.Vcl);
        Assert.Equal(played.Exchanges[0], read.Exchanges[0]);
        Assert.True(read.Exchanges[1].Answer.Aborts);
        Assert.Equal("0:\n  hash\n", did);
    }

    private static Exchange Request(int i)
    {
        (string Name, string Value)[] fields =
            [("X-Part", "p"), ("User-Agent", "u\xe9"), ("Accept-Language", "fr"), ("Cookie", "sid=\\1")];
        return Ask.For($"/shop/{i}", i % 3 == 0 ? fields[..3] : fields)
            .Answered(("Cache-Control", "max-age=60"), ("Set-Cookie", "a=1"));
    }

    // The shrinker writes VCL in a layout of its own: a declaration is overlooked by its name and what it does.
    private static string Without(string vcl, string overlooked)
    {
        var name = overlooked.Split(' ')[1];
        var at = vcl.LastIndexOf($"sub {name} ", StringComparison.Ordinal);
        return at < 0 ? vcl : vcl[..at] + vcl[(EndOf(vcl, at) + 1)..];
    }

    private static int EndOf(string vcl, int sub)
    {
        var depth = 0;
        for (var i = vcl.IndexOf('{', sub); ; i++)
        {
            depth += vcl[i] == '{' ? 1 : vcl[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }
    }
}
