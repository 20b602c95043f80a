using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.TestCluster;
using Xunit.Abstractions;

namespace CachePolicyOperator.Agent.Tests.Leaks;

public sealed class LeakReflexTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_leaky_vcl_put_straight_into_varnishd_is_bypassed_before_the_next_person_asks()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port), Vcl.Guard() with { OnLeak = LeakResponse.NoCache });
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));

        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "alice"));
        await pod.Agent.StatusAsync(
            "the agent to bypass by itself", s => s is { Level: CacheLevel.Bypassed, BypassedByItself: true });
        var change = await pod.Agent.EventAsync<LevelChanged>();

        // The fetch is logged before the request that caused it: who that was comes with the second account.
        var leak = await pod.Agent.EventAsync<LeakDetected>(fits: l => l.Exposure.StoredBy is not null);
        output.WriteLine($"{leak}\n{change}");

        Assert.Equal("stored/personal", leak.Trigger);
        Assert.Equal("pathPrefix /mypage", leak.Exposure.StoredBy!.Route);
        Assert.True(change.ByItself);
        Assert.Equal("/mypage of bob", await pod.GetAsync("/mypage", "bob"));
        Assert.Equal("bypass", (await pod.AskAsync("/mypage", "bob")).Header("X-Vcl"));
    }

    [Fact]
    public async Task Who_stored_a_page_and_who_was_served_it_are_told_apart_by_stable_hashes()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port), Vcl.Guard(LeakResponse.Observe));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));

        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "alice"));
        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "bob"));
        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "alice"));
        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage"));
        var leak = await pod.Agent.EventAsync<LeakDetected>(
            fits: l => l.Exposure is { StoredBy: not null, ServedTo.Count: 3 });

        Assert.Equal("hit/personal", leak.Trigger);
        Assert.NotNull(leak.Exposure.StoredBy!.Identity);

        // Of several connections, any may be in varnishd's log first.
        Assert.Single(leak.Exposure.ServedTo.Items, s => s.Identity is null);
        Assert.Single(leak.Exposure.ServedTo.Items, s => s.Identity == leak.Exposure.StoredBy.Identity);
        Assert.Single(
            leak.Exposure.ServedTo.Items,
            s => s.Identity is not null && s.Identity != leak.Exposure.StoredBy.Identity);
        Assert.All(leak.Exposure.ServedTo.Items, s => Assert.Equal(leak.Exposure.StoredBy.Target, s.Target));
        Assert.DoesNotContain("alice", leak.ToString());

        // What is told is kept a moment later.
        var kept = Path.Combine(pod.Files.State, "leaks.json");
        await Eventually.TrueAsync("the leak to be kept", _ => Task.FromResult(File.Exists(kept)));
        Assert.DoesNotContain("alice", await File.ReadAllTextAsync(kept));
    }

    [Theory]
    [InlineData("/%6Dypage")]
    [InlineData("/static/..%2fmypage")]
    [InlineData("//MyPage;x/.css?utm=1")]
    public async Task A_target_that_only_the_origin_reads_as_personal_trips_too(string target)
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));

        await pod.GetAsync(target, "alice");
        var leak = await pod.Agent.EventAsync<LeakDetected>();

        Assert.Equal("pathPrefix /mypage", leak.Exposure.StoredBy?.Route ?? "pathPrefix /mypage");
        await pod.Agent.StatusAsync("the agent to bypass", s => s.Level == CacheLevel.Bypassed);
    }

    [Fact]
    public async Task A_page_stored_before_is_bypassed_at_the_first_hit()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        var read = await RequestsReadAsync(pod);
        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "alice"));
        await Eventually.TrueAsync("the agent to read of alice", async _ => await RequestsReadAsync(pod) > read);
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));

        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "bob"));
        var leak = await pod.Agent.EventAsync<LeakDetected>();
        await pod.Agent.StatusAsync("the agent to bypass", s => s.Level == CacheLevel.Bypassed);

        Assert.Equal("hit/personal", leak.Trigger);
        Assert.Null(leak.Exposure.StoredBy);
        Assert.NotNull(Assert.Single(leak.Exposure.ServedTo.Items).Identity);
        Assert.Equal("/mypage of bob", await pod.GetAsync("/mypage", "bob"));
    }

    [Fact]
    public async Task Without_the_tripwire_nothing_bypasses()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port), Vcl.Guard(LeakResponse.NoCache, "/account"));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));

        await pod.GetAsync("/mypage", "alice");
        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "bob"));

        // The log is read in order: what came of the later request shows that the earlier was judged.
        await pod.GetAsync("/account", "carol");
        var leak = await pod.Agent.EventAsync<LeakDetected>(fits: l => l.Exposure.StoredBy is not null);
        Assert.Equal("pathPrefix /account", leak.Exposure.StoredBy!.Route);
    }

    [Fact]
    public async Task When_it_is_only_to_observe_a_leak_is_told_and_the_cache_goes_on()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port), Vcl.Guard(LeakResponse.Observe));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.GetAsync("/mypage", "alice");
        await pod.GetAsync("/mypage", "bob");

        await pod.Agent.EventAsync<LeakDetected>(fits: l => l.Exposure is { StoredBy: not null, ServedTo.Count: 1 });

        Assert.Equal(CacheLevel.Cached, (await pod.Agent.StatusAsync()).Level);
        Assert.Equal("leaky", (await pod.AskAsync("/mypage", "bob")).Header("X-Vcl"));
    }

    [Fact]
    public async Task A_vcl_that_finds_a_personal_page_but_does_not_deliver_it_trips_too()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.GetAsync("/mypage", "alice");
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.Varnish.UseAsync(VarnishInstance.Backend(pod.Origin.Port) + """
            sub vcl_recv { if (req.restarts > 0) { return (pass); } return (hash); }
            sub vcl_deliver { if (obj.hits > 0) { return (restart); } }
            """);

        Assert.Equal("/mypage of bob", await pod.GetAsync("/mypage", "bob"));
        var leak = await pod.Agent.EventAsync<LeakDetected>();

        Assert.Equal("hit/guarded", leak.Trigger);
        Assert.Empty(leak.Exposure.ServedTo.Items);
    }

    [Fact]
    public async Task A_person_is_known_by_what_was_received_whatever_the_vcl_removes_before_a_restart()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port), Vcl.Guard(LeakResponse.Observe));
        await pod.Varnish.UseAsync(VarnishInstance.Backend(pod.Origin.Port) + """
            sub vcl_recv {
                if (req.restarts == 0) {
                    set req.http.X-Cookie = req.http.Cookie;
                    unset req.http.Cookie;
                    set req.url = "/p";
                    return (restart);
                }
                return (hash);
            }
            sub vcl_backend_fetch { set bereq.http.Cookie = bereq.http.X-Cookie; set bereq.url = "/mypage"; }
            sub vcl_backend_response { set beresp.ttl = 1m; return (deliver); }
            """);
        await pod.GetAsync("/mypage", "alice");
        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "bob"));
        Assert.Equal("/mypage of alice", await pod.GetAsync("/elsewhere", "bob"));

        var leak = await pod.Agent.EventAsync<LeakDetected>(
            fits: l => l.Exposure is { StoredBy: not null, ServedTo.Count: 2 });

        // Of two connections, either may be in varnishd's log first.
        var bob = Assert.Single(leak.Exposure.ServedTo.Items.Select(s => s.Identity).Distinct());
        var stored = leak.Exposure.StoredBy!;
        Assert.NotNull(bob);
        Assert.NotEqual(stored.Identity, bob);
        Assert.Single(leak.Exposure.ServedTo.Items, s => s.Target == stored.Target);
    }

    [Fact]
    public async Task Who_waited_for_another_persons_page_to_be_fetched_was_served_it()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port), Vcl.Guard(LeakResponse.Observe));
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var slow = await HttpOrigin.StartAsync(async (request, cancellationToken) =>
        {
            asked.TrySetResult();
            await answer.Task.WaitAsync(cancellationToken);
            return OriginResponse.Text($"page of {request.Cookie("session")}");
        });
        await pod.Varnish.UseAsync(Vcl.Leaky(slow.Port));

        var alice = pod.GetAsync("/mypage", "alice");
        await asked.Task;
        var bob = pod.GetAsync("/mypage", "bob");
        string[] busy = ["-n", pod.Varnish.WorkDirectory, "-1", "-f", "MAIN.busy_sleep"];
        await Eventually.TrueAsync("bob to wait", async _ =>
            (await ChildProcess.RunAsync(new ChildProcessOptions("varnishstat", busy), CancellationToken.None))
            .Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == "1");
        answer.SetResult();

        Assert.Equal("page of alice", await alice);
        Assert.Equal("page of alice", await bob);
        var leak = await pod.Agent.EventAsync<LeakDetected>(
            fits: l => l.Exposure is { StoredBy: not null, ServedTo.Count: 1 });
        Assert.NotEqual(leak.Exposure.StoredBy!.Identity, leak.Exposure.ServedTo[0].Identity);
    }

    [Fact]
    public async Task A_session_in_the_second_of_two_cookie_lines_is_the_same_person()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port), Vcl.Guard(LeakResponse.Observe));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.GetAsync("/mypage", "alice");
        await RawHttp.GetAsync(
            pod.Varnish.HttpPort, "/mypage", ("Cookie", "theme=dark"), ("Cookie", "a=b; session=alice"));

        var leak = await pod.Agent.EventAsync<LeakDetected>(
            fits: l => l.Exposure is { StoredBy: not null, ServedTo.Count: 1 });

        Assert.Equal(leak.Exposure.StoredBy!.Identity, leak.Exposure.ServedTo[0].Identity);
    }

    [Fact]
    public async Task Long_cookies_odd_bytes_and_long_targets_are_judged_whole()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port), Vcl.Guard(LeakResponse.Observe));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        var filler = new string('x', 7_000);
        var target = $"/mypage?q=\u00ff\u0080'\"<>{{}}|{new string('y', 6_000)}";
        await RawHttp.GetAsync(pod.Varnish.HttpPort, target, ("Cookie", $"junk={filler}; session=alice"));
        await RawHttp.GetAsync(pod.Varnish.HttpPort, target, ("Cookie", "session=bob"), ("X-\u00e4", "\u0001\u00fe"));
        await RawHttp.GetAsync(pod.Varnish.HttpPort, target, ("Cookie", "session=alice"));

        var leak = await pod.Agent.EventAsync<LeakDetected>(fits: l =>
            l.Exposure.StoredBy is { } stored && l.Exposure.ServedTo.Items.Any(s => s.Identity == stored.Identity));

        Assert.NotNull(leak.Exposure.StoredBy!.Identity);
    }

    [Fact]
    public async Task An_order_that_does_not_know_of_the_leak_does_not_end_the_bypass()
    {
        await using var pod = await CachePod.StartAsync();
        var package = Vcl.Package(pod.Origin.Port);
        await pod.Agent.ProgramAsync(package);
        var before = (await pod.Agent.StatusAsync()).LastEvent;
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.GetAsync("/mypage", "alice");
        await pod.Agent.EventAsync<LevelChanged>(fits: l => l.ByItself);
        var last = (await pod.Agent.StatusAsync("the leak to be told", s => s.LastLeak > 0)).LastLeak;

        Assert.Equal("level/leak-unacknowledged", (await pod.Agent.OrderAsync(CacheLevel.Cached, before))?.Code);
        Assert.Null(await pod.Agent.ActivateAsync(package));
        Assert.Equal("/mypage of bob", await pod.GetAsync("/mypage", "bob"));
        Assert.Equal(CacheLevel.Bypassed, (await pod.Agent.StatusAsync()).Level);

        Assert.Null(await pod.Agent.OrderAsync(CacheLevel.Cached, last));
        Assert.Equal(CacheLevel.Cached, (await pod.Agent.StatusAsync()).Level);
        Assert.StartsWith("good", (await pod.AskAsync("/mypage", "bob")).Header("X-Vcl"));
        Assert.Equal("/mypage of bob", await pod.GetAsync("/mypage", "bob"));
    }

    [Fact]
    public async Task A_vcl_that_did_not_come_through_the_agent_is_told_and_makes_the_pod_not_ready()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await Eventually.TrueAsync(
            "the pod to be ready", async _ => await pod.Agent.ReadyAsync() == System.Net.HttpStatusCode.OK);

        var text = Vcl.Leaky(pod.Origin.Port);
        var name = await pod.Varnish.UseAsync(text);
        var told = await pod.Agent.EventAsync<UnprovenVcl>();

        Assert.Equal(name, told.VclName);
        Assert.Equal(Core.Digest.Of(text), told.Digest);
        Assert.False((await pod.Agent.StatusAsync()).ActiveProven);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, await pod.Agent.ReadyAsync());
    }

    [Fact]
    public async Task A_bypassed_pod_goes_back_to_the_bypass_when_a_hand_makes_it_cache()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        Assert.Null(await pod.Agent.OrderAsync(CacheLevel.Bypassed));

        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));

        await Eventually.TrueAsync(
            "the bypass to serve", async _ => (await pod.AskAsync("/x")).Header("X-Vcl") == "bypass");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_hundred_leaks_are_each_bypassed()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        var leaky = await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        var elapsed = new List<double>();
        long last = 0;
        for (var i = 0; i < 100; i++)
        {
            await pod.GetAsync($"/mypage/{i}", "alice");
            var change = await pod.Agent.EventAsync<LevelChanged>(last, l => l.ByItself);
            elapsed.Add(change.ElapsedMilliseconds!.Value);
            Assert.Equal(CacheLevel.Bypassed, change.Level);
            Assert.Equal($"/mypage/{i} of bert", await pod.GetAsync($"/mypage/{i}", "bert"));
            last = await pod.Agent.ReturnAsync();
            await pod.Varnish.AdminAsync("vcl.use", leaky);
        }

        elapsed.Sort();
        output.WriteLine(
            $"response end to bypass: p50 {elapsed[50]:0.00} ms, p99 {elapsed[98]:0.00} ms, max {elapsed[99]:0.00} ms");
    }

    private static async Task<double> RequestsReadAsync(CachePod pod) =>
        (await Scrape.OfAsync(new Uri($"http://127.0.0.1:{pod.Agent.MetricsPort}/metrics")))
            .Value("cachepolicy_agent_requests_total") ?? 0;
}
