using System.Net;
using System.Net.Sockets;
using System.Text;
using CachePolicyOperator.Agent.Orders;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.TestCluster;
using Moq;

namespace CachePolicyOperator.Agent.Tests.Orders;

public sealed class OperatorOrdersTests
{
    [Fact]
    public async Task A_revision_is_loaded_warm_then_used_and_the_one_before_stays_warm()
    {
        await using var pod = await CachePod.StartAsync();
        var (first, second) = (Vcl.Package(pod.Origin.Port, "1"), Vcl.Package(pod.Origin.Port, "2"));
        var third = Vcl.Package(pod.Origin.Port, "3");
        Assert.Null(await pod.Agent.PutGuardAsync(Vcl.Guard()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await pod.Agent.ReadyAsync());
        Assert.Equal("revision/not-loaded", (await pod.Agent.ActivateAsync(first))?.Code);

        foreach (var package in new[] { first, second, third })
        {
            Assert.Null(await pod.Agent.PutRevisionAsync(package));
            Assert.Null(await pod.Agent.PutRevisionAsync(package));
            Assert.Null(await pod.Agent.ActivateAsync(package));
            Assert.Null(await pod.Agent.ActivateAsync(package));
        }

        var status = await pod.Agent.StatusAsync();
        Assert.Equal([second.Proof.Digest, third.Proof.Digest], status.Loaded.Items.ToArray());
        Assert.Equal(third.Proof.Digest, status.ActiveDigest);
        Assert.Equal(third.Proof.Digest, status.ServingDigest);
        Assert.True(status.ActiveProven);
        Assert.StartsWith(Engine.Version, status.EngineVersion);
        Assert.Equal("good3", (await pod.AskAsync("/x")).Header("X-Vcl"));
        var list = await pod.Varnish.AdminAsync("vcl.list");
        Assert.Matches($"available +warm +warm +\\d+ +{VclToUse.NameOf(second.Proof.Digest)}", list);
        Assert.DoesNotContain(VclToUse.NameOf(first.Proof.Digest), list);
        await Eventually.TrueAsync("the pod to be ready", async _ => await pod.Agent.ReadyAsync() == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_text_that_is_not_the_proven_one_is_refused()
    {
        await using var pod = await CachePod.StartAsync();
        var package = Vcl.Package(pod.Origin.Port);
        var altered = package with { Vcl = package.Vcl + "\n# one more line" };

        var error = await pod.Agent.PutRevisionAsync(altered);

        Assert.Equal("revision/digest-mismatch", error?.Code);
        var elsewhere = Digest.Of("x");
        Assert.Equal(
            "revision/digest-mismatch",
                (await pod.Agent.PutAsync($"/v1/revisions/{elsewhere}",
                AgentUnderTest.Signed(package, pod.Files.Authority)))?.Code);
        var unproven = package with { Proof = package.Proof with { Digest = elsewhere } };
        Assert.Equal(
            "revision/digest-mismatch",
            (await pod.Agent.PutAsync($"/v1/revisions/{package.Proof.Digest}", unproven))?.Code);
        Assert.Empty((await pod.Agent.StatusAsync()).Loaded);
        Assert.DoesNotContain("cp_", await pod.Varnish.AdminAsync("vcl.list"));
    }

    [Fact]
    public async Task What_the_operator_did_not_sign_for_this_pod_is_refused()
    {
        await using var pod = await CachePod.StartAsync();
        var package = Vcl.Package(pod.Origin.Port);
        using var stranger = new TestAuthority("strangers");
        var signed = AgentUnderTest.Signed(package, pod.Files.Authority);
        RevisionPackage[] refused =
        [
            package,
            package with { Signature = "no Base64" },
            AgentUnderTest.Signed(package, stranger),
            AgentUnderTest.Signed(package, pod.Files.Authority, "storefront.other.agents.cachepolicy.dev"),
            signed with { BypassVcl = package.BypassVcl + "# one more line" },
            signed with { Proof = package.Proof with { EngineVersion = "8.0" } },
        ];

        foreach (var one in refused)
        {
            Assert.Equal("revision/unsigned",
                (await pod.Agent.PutAsync($"/v1/revisions/{package.Proof.Digest}", one))?.Code);
        }

        Assert.DoesNotContain("cp_", await pod.Varnish.AdminAsync("vcl.list"));
        Assert.Null(await pod.Agent.PutAsync($"/v1/revisions/{package.Proof.Digest}", signed));
    }

    [Fact]
    public async Task What_is_watched_for_is_taken_from_the_operator_alone()
    {
        await using var pod = await CachePod.StartAsync();
        var (guard, less) = (Vcl.Guard(), Vcl.Guard(prefixes: "/account"));
        using var stranger = new TestAuthority("strangers");
        Assert.Null(await pod.Agent.PutGuardAsync(guard));
        GuardConfiguration[] refused =
        [
            less,
            AgentUnderTest.Signed(less, stranger),
            AgentUnderTest.Signed(less, pod.Files.Authority, "storefront.other.agents.cachepolicy.dev"),
            AgentUnderTest.Signed(guard, pod.Files.Authority) with { Routes = less.Routes },
        ];

        foreach (var one in refused)
        {
            Assert.Equal("guard/unsigned", (await pod.Agent.PutAsync("/v1/guard", one))?.Code);
        }

        Assert.Equal(guard.ComputeDigest(), (await pod.Agent.StatusAsync()).GuardDigest);
        Assert.Null(await pod.Agent.PutGuardAsync(less));
    }

    [Fact]
    public async Task Rounds_that_no_proof_follows_are_put_back_and_http2_is_not_cached_for()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Varnish.AdminAsync("param.set", "max_restarts", "9");
        await pod.Varnish.AdminAsync("param.set", "feature", "+esi_disable_xml_check");
        var package = Vcl.Package(pod.Origin.Port);
        await pod.Agent.ProgramAsync(package);
        Assert.Contains("Value is: 4 ", await pod.Varnish.AdminAsync("param.show", "max_restarts"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("+esi_disable", (await pod.Varnish.AdminAsync("param.show", "feature")).Split('\n')[1],
            StringComparison.Ordinal);

        await pod.Varnish.AdminAsync("param.set", "feature", "+http2");

        await Eventually.TrueAsync("the bypass to serve",
            async _ => (await pod.AskAsync("/x")).Header("X-Vcl") == "bypass");
        var told = await pod.Agent.OrderAsync(CacheLevel.Cached);
        Assert.Equal(("engine/parameters", true),
            (told?.Code, told?.Message.Contains("+http2", StringComparison.Ordinal)));
        await pod.Varnish.AdminAsync("param.set", "feature", "-http2");
        await Eventually.TrueAsync("the revision to serve again",
            async _ => (await pod.AskAsync("/x")).Header("X-Vcl") == "good");
    }

    [Fact]
    public async Task A_proof_for_another_version_of_varnish_is_refused()
    {
        await using var pod = await CachePod.StartAsync();

        var error = await pod.Agent.PutRevisionAsync(Vcl.Package(pod.Origin.Port, engine: "8.0"));

        Assert.Equal("engine/version", error?.Code);
        Assert.Contains("8.0", error?.Message);
        Assert.Contains(Engine.Version, error?.Message);
    }

    [Fact]
    public async Task A_text_that_does_not_compile_is_refused_in_the_words_of_the_compiler()
    {
        await using var pod = await CachePod.StartAsync();

        const string Text = "vcl 4.1; backend b none; sub vcl_recv { nonsense; }";
        var error = await pod.Agent.PutRevisionAsync(Vcl.Package(Text, pod.Origin.Port));

        Assert.Equal("revision/compile-failed", error?.Code);
        Assert.Contains("nonsense", error?.Message);
    }

    [Theory]
    [InlineData("/v1/level", "{")]
    [InlineData("/v1/level", "{}")]
    [InlineData("/v1/level", "null")]
    [InlineData("/v1/level", """{"level":"Sometimes","reason":"","acknowledgesEvent":0}""")]
    [InlineData("/v1/guard", """{"hosts":[]}""")]
    [InlineData("/v1/active", """{"digest":null}""")]
    [InlineData("/v1/revisions/sha256:0", """{"vcl":"","proof":null,"bypassVcl":""}""")]
    public async Task A_body_that_is_not_what_is_documented_is_refused(string path, string body)
    {
        await using var pod = await CachePod.StartAsync();

        var (status, text) = await pod.Agent.PutTextAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("request/malformed", text);
    }

    [Fact]
    public async Task A_guard_that_cannot_be_read_is_refused_and_the_one_before_stays()
    {
        await using var pod = await CachePod.StartAsync();
        Assert.Null(await pod.Agent.PutGuardAsync(Vcl.Guard()));

        var error = await pod.Agent.PutGuardAsync(Vcl.Guard() with { IdentityKey = "c2hvcnQ=" });

        Assert.Equal("guard/invalid", error?.Code);
        Assert.Equal(Vcl.Guard().ComputeDigest(), (await pod.Agent.StatusAsync()).GuardDigest);
    }

    [Fact]
    public async Task The_next_request_of_an_open_connection_is_served_by_the_new_vcl()
    {
        await using var pod = await CachePod.StartAsync();
        var (first, second) = (Vcl.Package(pod.Origin.Port, "1"), Vcl.Package(pod.Origin.Port, "2"));
        await pod.Agent.ProgramAsync(first);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, pod.Varnish.HttpPort);
        var stream = client.GetStream();

        Assert.Contains("X-Vcl: good1", await AskAsync(stream));
        Assert.Null(await pod.Agent.PutRevisionAsync(second));
        Assert.Null(await pod.Agent.ActivateAsync(second));
        Assert.Contains("X-Vcl: good2", await AskAsync(stream));
        Assert.Null(await pod.Agent.OrderAsync(CacheLevel.Bypassed));
        Assert.Contains("X-Vcl: bypass", await AskAsync(stream));
    }

    [Fact]
    public async Task After_a_purge_nothing_stored_before_answers()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.GetAsync("/asset");
        await pod.GetAsync("/asset");
        Assert.Single(pod.Origin.Requests);

        await pod.Agent.PurgeAsync();
        await pod.GetAsync("/asset");

        Assert.Equal(2, pod.Origin.Requests.Count);
    }

    [Fact]
    public async Task After_an_invalidation_the_pages_that_are_meant_are_asked_for_again_and_no_others()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        string[] targets = ["/asset", "/asset?a=\"b\"", "/assets", "/other"];
        foreach (var target in targets)
        {
            await pod.GetAsync(target);
        }

        var refusal = await pod.Agent.InvalidateAsync(new StoredPages(["www.example.com"], ["/asset"], [], []));

        Assert.Null(refusal);
        foreach (var target in targets)
        {
            await pod.GetAsync(target);
        }

        Assert.Equal([.. targets, "/asset", "/asset?a=\"b\""], pod.Origin.Requests.Select(r => r.Target));
    }

    [Theory]
    [InlineData(OperatorOrders.MostBans - 1, false)]
    [InlineData(OperatorOrders.MostBans, true)]
    public async Task Where_too_many_bans_wait_everything_is_taken_out_at_once(int waiting, bool isAll)
    {
        using var parts = new AgentParts();
        parts.Varnish.Setup(v => v.BansAsync(It.IsAny<CancellationToken>()))
            .ReturnsAsync([.. Enumerable.Repeat(new BanEntry(DateTimeOffset.UnixEpoch), waiting)]);
        var pages = new StoredPages([], ["/a"], [], []);

        await parts.Orders.InvalidateAsync(pages, CancellationToken.None);

        var expected = isAll ? Bans.All : Bans.Of(pages)[0];
        parts.Varnish.Verify(v => v.BanAsync(expected, It.IsAny<CancellationToken>()), Times.Once);
        parts.Varnish.Verify(
            v => v.BanAsync(It.IsAny<IReadOnlyList<string>>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task Where_the_bans_that_wait_cannot_be_counted_everything_is_taken_out()
    {
        using var parts = new AgentParts();
        parts.Varnish.Setup(v => v.BansAsync(It.IsAny<CancellationToken>()))
            .ThrowsAsync(new CliRefusedException("ban.list", CliReply.Truncated, "too long"));

        await parts.Orders.InvalidateAsync(new StoredPages([], ["/a"], [], []), CancellationToken.None);

        parts.Varnish.Verify(v => v.BanAsync(Bans.All, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task A_revision_activated_while_bypassed_serves_only_after_the_order_to_cache()
    {
        await using var pod = await CachePod.StartAsync();
        var (first, second) = (Vcl.Package(pod.Origin.Port, "1"), Vcl.Package(pod.Origin.Port, "2"));
        await pod.Agent.ProgramAsync(first);
        Assert.Null(await pod.Agent.OrderAsync(CacheLevel.Bypassed));
        Assert.Null(await pod.Agent.PutRevisionAsync(second));
        Assert.Null(await pod.Agent.ActivateAsync(second));

        Assert.Equal("bypass", (await pod.AskAsync("/x")).Header("X-Vcl"));
        Assert.Equal("level/unsupported", (await pod.Agent.OrderAsync(CacheLevel.NoCache))?.Code);
        Assert.Null(await pod.Agent.OrderAsync(CacheLevel.Cached));
        Assert.Equal("good2", (await pod.AskAsync("/x")).Header("X-Vcl"));
    }

    private static async Task<string> AskAsync(NetworkStream stream)
    {
        await stream.WriteAsync("GET /keepalive HTTP/1.1\r\nHost: www.example.com\r\n\r\n"u8.ToArray());
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith("of nobody", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer);
            Assert.NotEqual(0, read);
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
