using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>How the origin is asked: for how long, by how many at once, and whether it is well.</summary>
public sealed class OriginConnectionTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    [Fact]
    public async Task An_origin_that_is_not_well_gets_no_request_until_it_is_again()
    {
        var isWell = true;
        var site = await rig.ServeAsync("origin probe /up?of=probes every 20ms\nrule news prefix /news ttl 10m");
        site.Answers(request => request.Target == "/up?of=probes" && !isWell ? OriginResponse.Text("", 500)
            : site.Greeting(request));

        // A machine that is busy may answer the first probes too late.
        await Eventually.TrueAsync("the first 200", async _ => (await site.GetAsync("/mine")).Status == 200);
        await Eventually.TrueAsync("a probe of the host", _ => Task.FromResult(
            site.Fetches.Any(f => f.Target == "/up?of=probes" && f.Header("Host").Single() == site.Host)));
        isWell = false;
        await Eventually.TrueAsync("a 503", async _ => (await site.GetAsync("/mine")).Status == 503);
        isWell = true;
        await Eventually.TrueAsync("a 200", async _ => (await site.GetAsync("/mine")).Status == 200);
    }

    [Fact]
    public async Task An_origin_is_waited_for_as_long_as_the_policy_says()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var target = new RenderTarget("127.0.0.1", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port, Engine.Version);
        var policies = PolicyText.Parse("host example.com\norigin first 100ms\nrule news prefix /news ttl 10m");
        var bypass = VclRenderer.RenderBypass(policies, target with { Connection = policies.Policy.Origin.Connection });
        foreach (var vcl in new[] { VclRenderer.Render(policies, target), bypass })
        {
            await rig.Varnish.UseAsync(vcl);

            Assert.Equal(503,
                (await RawHttp.SendAsync(rig.Varnish.HttpPort, "GET", "/news", ("Host", "example.com"))).Status);
        }
    }

    [Fact]
    public void What_caches_nothing_asks_as_the_policy_says_and_always()
    {
        var policies =
            PolicyText.Parse("host example.com\norigin connect 1s first 2s between 4s most 7 probe /up every 1s");
        var target =
            new RenderTarget("127.0.0.1", 80, Engine.Version) { Connection = policies.Policy.Origin.Connection };
        string[] lines = [".connect_timeout = 1s;", ".first_byte_timeout = 2s;", ".between_bytes_timeout = 4s;",
            ".max_connections = 7;"];

        var (caching, bypass) = (VclRenderer.Render(policies, target), VclRenderer.RenderBypass(policies, target));

        Assert.All(lines,
            line => Assert.True(caching.Contains(line, StringComparison.Ordinal)
            && bypass.Contains(line, StringComparison.Ordinal), line));
        Assert.DoesNotContain(".probe", bypass, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_origin_is_asked_as_the_policy_says_of_it()
    {
        var policies = PolicyText.Parse(
            "host example.com\norigin connect 1s\nnamed api 90 connect 5s first 2s between 4s most 7\nrule api prefix "
                + "/api pass at api");
        var target = PolicyText.Target(policies, 80);
        string[] lines = [".connect_timeout = 5s;", ".first_byte_timeout = 2s;", ".between_bytes_timeout = 4s;",
            ".max_connections = 7;"];

        Assert.All(
            [VclRenderer.Render(policies, target), VclRenderer.RenderBypass(policies, target)],
            text => Assert.All(lines,
                line => Assert.Contains(line, text.Split("backend origin_api")[1].Split('}')[0],
                StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("up")]
    [InlineData("/up\" \"X: y")]
    [InlineData("/up\r\nX:y")]
    public void A_model_whose_probe_is_no_path_is_not_rendered(string path)
    {
        var policies = PolicyText.Parse("host example.com");
        var probed = policies with
        {
            Policy = policies.Policy with
            {
                Origin = policies.Policy.Origin with
                {
                    Probe =
                    new OriginProbe(path, Duration.FromSeconds(1), Duration.FromSeconds(1), 2, 1, 200)
                },
            },
        };

        Assert.Throws<ArgumentException>(
            () => VclRenderer.Render(probed, new RenderTarget("127.0.0.1", 80, Engine.Version)));
    }
}
