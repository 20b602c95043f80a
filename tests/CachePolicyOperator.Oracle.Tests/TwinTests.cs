using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Generate;
using CachePolicyOperator.Oracle.Judge;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>Clients that differ in who they are alone find what a VCL keeps of it, wherever it keeps it.</summary>
[Collection(VarnishTests.Name)]
public sealed class TwinTests(VarnishFixture fixture)
{
    private const string Anonymous = """
        sub vcl_recv {
            if (req.url ~ "^/mypage") { return (pass); }
            {0}
            unset req.http.Cookie;
            unset req.http.Authorization;
            unset req.http.X-Api-Key;
            return (hash);
        }
        sub vcl_backend_error { set beresp.ttl = 60s; return (deliver); }
        """;

    [Theory]
    [InlineData("", false)]
    [InlineData("""if (req.http.Cookie ~ "session=") { unset req.http.X-Forwarded-For; }""", true)]
    [InlineData(
        """if (req.http.Cookie ~ "session=1") { set req.http.X-Kind = "one"; } else { set req.http.X-Kind = "other"; }""", true)]
    [InlineData("""if (req.http.X-Api-Key) { set req.url = regsub(req.url, "$", "?key"); } hash_me""", true)]
    public async Task A_client_that_gets_what_was_made_for_another_is_seen(string kept, bool leaks)
    {
        var hash = kept.EndsWith("hash_me", StringComparison.Ordinal);
        var vcl = Told.Vcl(
            Anonymous.Replace("{0}", kept.Replace("hash_me", string.Empty, StringComparison.Ordinal),
            StringComparison.Ordinal)
            + (hash ? """sub vcl_hash { hash_data(regsub(req.url, "\?.*$", "")); hash_data(req.http.host); return (lookup); }""" : string.Empty));
        var dice = new Dice(7);
        var usual = Ask.For("/static/x.js");
        Real.Exchange[] exchanges = [.. Enumerable.Range(0, 60).SelectMany(i => Twins.Of(usual, dice, i))];

        Assert.Null(
            await fixture.Varnish.UseAsync(
            vcl.Replace(Case.Port, fixture.Varnish.OriginPort.ToString(), StringComparison.Ordinal),
            CancellationToken.None));
        var happenings = await fixture.Varnish.PlayAsync(exchanges, CancellationToken.None);

        Assert.Equal(leaks, TwinJudge.LeaksOf(exchanges, happenings).Any());
    }

    [Fact]
    public void Sites_are_long_vcl_without_mistakes()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var vcl = new SiteGenerator(new Dice((ulong)seed)).Next()
                .Replace(Case.Port, "8080", StringComparison.Ordinal);
            var parse = VclParser.Parse("site.vcl", vcl);

            Assert.False(parse.HasErrors, $"{string.Join('\n', parse.Diagnostics.Items)}\n{vcl}");
            Assert.True(vcl.Split('\n').Length >= 35, vcl);
        }
    }
}
