using System.Net;
using CachePolicyOperator.Runtime.Queues;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestCluster.Faults;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.Informers;

/// <summary>
/// What the network and the server can do to an informer, each done through the proxy to a real API server's answers.
/// </summary>
public sealed class InformerFaultTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task A_version_that_expires_within_the_stream_leads_to_a_new_list()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a", "b"]);
        var watch = await maps.WatchAsync();
        var gap = new TaskCompletionSource();
        maps.Proxy.Inject(Fault.Delay(request => request.IsList || request.IsWatch, gap.Task));

        await watch.ExpireAsync();
        await Eventually.TrueAsync("the new list to be asked for", _ => Task.FromResult(maps.Lists == 2));
        await maps.DeleteAsync("b");
        await maps.CreateAsync("c");
        gap.SetResult();

        await maps.HoldsAsync("a", "c");
        // The deletion in the gap is found, and what did not change is not announced again.
        await maps.AnnouncedAsync("set a", "set b", "gone b", "set c");
    }

    [Fact]
    public async Task A_version_that_expires_before_the_watch_begins_leads_to_a_new_list()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a"]);
        var watch = await maps.WatchAsync();
        maps.Proxy.Inject(Fault.Answer(request => request.IsWatch, HttpStatusCode.Gone, times: 1));
        watch.Cut();
        await maps.WatchAsync(watch);
        Assert.Equal(2, maps.Lists);
        await maps.CreateAsync("b");
        await maps.HoldsAsync("a", "b");
        await maps.AnnouncedAsync("set a", "set b");
    }

    [Fact]
    public async Task A_list_that_expires_between_two_pages_begins_again()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a", "b", "c", "d", "e"],
            proxy => proxy.Inject(Fault.Answer(
                request =>
                    request.Query.Contains("continue=", StringComparison.Ordinal), HttpStatusCode.Gone, times: 1)),
            FollowedConfigMaps.Options with { PageSize = 2 });
        await maps.HoldsAsync("a", "b", "c", "d", "e");
        await maps.AnnouncedAsync("set a", "set b", "set c", "set d", "set e");
    }

    [Fact]
    public async Task A_watch_that_is_cut_goes_on_from_its_last_event_without_a_list()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a"]);
        var watch = await maps.WatchAsync();
        var last = await maps.CreateAsync("b");
        await maps.HoldsAsync("a", "b");
        watch.Cut();
        var next = await maps.WatchAsync(watch);
        Assert.Equal(last.Metadata.ResourceVersion, next.Request.ResourceVersion);
        await maps.CreateAsync("c");
        await maps.HoldsAsync("a", "b", "c");
        await maps.AnnouncedAsync("set a", "set b", "set c");
        Assert.Equal(1, maps.Lists);
    }

    [Fact]
    public async Task What_happens_while_the_watch_is_down_is_heard_when_it_goes_on()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a"]);
        var watch = await maps.WatchAsync();
        var outage = maps.Proxy.Inject(Fault.Break(_ => true));
        watch.Cut();
        await maps.DeleteAsync("a");
        await maps.CreateAsync("b");
        outage.Lift();
        await maps.HoldsAsync("b");
        await maps.AnnouncedAsync("set a", "gone a", "set b");
    }

    [Fact]
    public async Task Half_a_line_is_thrown_away_and_its_event_heard_when_the_watch_goes_on()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a"]);
        var watch = await maps.WatchAsync();
        await watch.CutWithinLineAsync("""{"type":"ADDED","object":{"kind":"ConfigMap","metadata":{"name":"half""");
        await maps.WatchAsync(watch);
        await maps.CreateAsync("b");
        await maps.HoldsAsync("a", "b");
        Assert.Equal(1, maps.Lists);
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("""{"type":"SURPRISE","object":{}}""")]
    [InlineData("""{"type":"ERROR","object":{"kind":"Status","code":500,"message":"injected"}}""")]
    [InlineData("[]")]
    public async Task A_line_that_makes_no_sense_leads_to_a_new_list(string line)
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a"]);
        var watch = await maps.WatchAsync();
        await watch.SayAsync(line);
        await maps.WatchAsync(watch);
        Assert.Equal(2, maps.Lists);
        await maps.CreateAsync("b");
        await maps.HoldsAsync("a", "b");
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_goes_on_from_the_last_bookmark()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a"]);
        var watch = await maps.WatchAsync();
        var elsewhere = await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(
            new() { Metadata = new() { Name = "elsewhere" } }, await cluster.NewNamespaceAsync());
        var version = elsewhere.Metadata.ResourceVersion;
        await watch.SayAsync(
            $$$"""{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}"} } }""");
        watch.End();
        var next = await maps.WatchAsync(watch);
        Assert.Equal(version, next.Request.ResourceVersion);
        Assert.Equal(1, maps.Lists);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_server_that_refuses_for_a_while_is_asked_until_it_answers(HttpStatusCode status)
    {
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a"], proxy => proxy.Inject(Fault.Answer(request => request.IsList, status, times: 3)));
        await maps.HoldsAsync("a");
        var watch = await maps.WatchAsync();
        maps.Proxy.Inject(Fault.Answer(request => request.IsWatch, status, times: 3));
        watch.Cut();
        await maps.WatchAsync(watch);
        Assert.Equal(3, maps.Proxy.Requests.Count(request => request.IsWatch && request.Status == (int)status));
        await maps.CreateAsync("b");
        await maps.HoldsAsync("a", "b");
        Assert.Equal(4, maps.Lists);
    }

    [Fact]
    public async Task A_version_that_the_server_chokes_on_is_given_up_for_a_new_list()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a"]);
        var watch = await maps.WatchAsync();
        var version = watch.Request.ResourceVersion;
        maps.Proxy.Inject(Fault.Answer(
            request => request.IsWatch && request.ResourceVersion == version, HttpStatusCode.InternalServerError));
        watch.Cut();
        await maps.CreateAsync("b");
        await maps.HoldsAsync("a", "b");
        await maps.WatchAsync(watch);
    }

    [Fact]
    public async Task A_list_that_has_become_old_is_made_anew_when_the_watch_ends()
    {
        var time = new FakeTimeProvider();
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a"], options: FollowedConfigMaps.Options with { WatchTimeout = TimeSpan.FromDays(1) },
                time: time);
        var watch = await maps.WatchAsync();
        // What it is for: something that the watch never says.
        maps.Proxy.Inject(
            Fault.Alter(request => request.IsList,
            list => list.Replace("\"key\":\"value\"", "\"key\":\"missed\"", StringComparison.Ordinal)
            .Replace("\"resourceVersion\":\"", "\"resourceVersion\":\"0", StringComparison.Ordinal)));
        time.Advance(FollowedConfigMaps.Options.RelistAfter);
        watch.End();
        await Eventually.TrueAsync("the list to be made anew", _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return Task.FromResult(maps.Find("a")!.Data["key"] == "missed");
        });
        Assert.Equal(2, maps.Lists);
    }

    [Fact]
    public async Task A_connection_that_dies_in_silence_is_given_up_after_the_time_the_server_was_given()
    {
        var time = new FakeTimeProvider();
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a"], time: time);
        var watch = await maps.WatchAsync();
        await watch.StallAsync();
        await maps.CreateAsync("b");
        time.Advance(FollowedConfigMaps.Options.WatchTimeout);
        Assert.False(watch.Ended.IsCompleted);

        await Eventually.TrueAsync("the watch to be given up", _ =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(watch.Ended.IsCompleted);
        });
        await maps.HoldsWithAsync(time, "a", "b");
        Assert.Equal(1, maps.Lists);
    }

    [Fact]
    public async Task A_list_that_gets_no_answer_is_given_up_and_asked_for_again()
    {
        var time = new FakeTimeProvider();
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a"], proxy =>
                proxy.Inject(
                Fault.Delay(request => request.IsList, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System),
                times: 1)), time: time);
        await Eventually.TrueAsync("the list to be asked for", _ => Task.FromResult(maps.Lists == 1));
        await maps.HoldsWithAsync(time, "a");
        Assert.Equal(2, maps.Lists);
    }

    [Fact]
    public async Task A_server_that_ends_every_watch_at_once_is_not_asked_in_a_tight_loop()
    {
        var time = new FakeTimeProvider();
        var pause = TimeSpan.FromSeconds(100);
        var never = TimeSpan.FromDays(10);
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a"],
            proxy => proxy.Inject(Fault.Answer(request => request.IsWatch, HttpStatusCode.OK, body: "")),
            FollowedConfigMaps.Options with
            {
                WatchBackoff = new BackoffOptions(pause, pause),
                WatchTimeout = never,
                RequestTimeout = never
            },
            time);
        await Eventually.TrueAsync("the first watch", _ => Task.FromResult(Watches() == 1));
        for (var asked = 2; asked <= 5; asked++)
        {
            var began = time.GetUtcNow();
            await Eventually.TrueAsync("the next watch", _ =>
            {
                // In small steps: the pause may not have begun yet when the clock moves.
                time.Advance(pause / 20);
                return Task.FromResult(Watches() >= asked);
            });
            Assert.Equal(asked, Watches());
            // The pause is varied by a fifth.
            Assert.True(time.GetUtcNow() - began >= pause * 0.8);
        }

        Assert.Equal(1, maps.Lists);
        int Watches() => maps.Proxy.Requests.Count(request => request.IsWatch);
    }

    [Fact]
    public async Task A_server_that_was_away_is_not_waited_for_as_one_that_refuses()
    {
        var time = new FakeTimeProvider();
        var (pause, shorter) = (TimeSpan.FromHours(1), TimeSpan.FromSeconds(1));
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a"],
            proxy => proxy.Inject(Fault.Break(_ => true, times: 8)),
            FollowedConfigMaps.Options with
            {
                WatchBackoff = new(pause, pause),
                WatchBackoffWhileAway = new(shorter, shorter)
            },
            time);
        var began = time.GetUtcNow();

        await Eventually.TrueAsync("it holds what is there", _ =>
        {
            time.Advance(shorter / 4);
            return Task.FromResult(maps.Store.Keys().Count > 0);
        });

        Assert.True(time.GetUtcNow() - began < pause);
    }

    [Fact]
    public async Task An_unreadable_object_in_a_list_hides_no_other()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a", "bad", "c"], proxy => proxy.Inject(Fault.Alter(request => request.IsList, Spoil)));
        await maps.HoldsAsync("a", "c");
        var unreadable = Assert.Single(maps.Store.Unreadable);
        Assert.Equal("bad", unreadable.Key.Name);
        Assert.Contains("data", unreadable.Error);

        // It is mended: the next event that can be read is taken.
        await maps.WatchAsync();
        await maps.ChangeAsync("bad", "good");
        await maps.HoldsAsync("a", "bad", "c");
        Assert.Empty(maps.Store.Unreadable);
    }

    [Fact]
    public async Task An_object_nested_too_deeply_to_be_read_hides_no_other()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a", "bad", "c"],
            proxy =>
                proxy.Inject(
                Fault.Alter(request => request.IsList,
                list => list.Replace("\"name\":\"bad\",\"n", $"\"name\":\"bad\",\"deep\":{deep},\"n",
                StringComparison.Ordinal))));
        await maps.HoldsAsync("a", "c");
        Assert.Equal("bad", Assert.Single(maps.Store.Unreadable).Key.Name);
    }

    [Fact]
    public async Task An_unreadable_object_in_a_watch_hides_no_other_and_is_not_taken_for_deleted()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a", "bad"], proxy => proxy.Inject(Fault.Alter(request => request.IsWatch, Spoil)));
        await maps.HoldsAsync("a", "bad");
        await maps.WatchAsync();
        await maps.ChangeAsync("bad", "value");
        await cluster.Client.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch(new { metadata = new { labels = new { touched = "yes" } } }, V1Patch.PatchType.MergePatch),
                "bad", maps.Namespace);
        await maps.CreateAsync("c");
        await maps.HoldsAsync("a", "bad", "c");
        Assert.Equal("bad", Assert.Single(maps.Store.Unreadable).Key.Name);
        Assert.Equal("value", maps.Find("bad")!.Data["key"]);
        Assert.Equal(1, maps.Lists);

        // Gone is gone, whether it can be read or not.
        await maps.DeleteAsync("bad");
        await maps.HoldsAsync("a", "c");
        Assert.Empty(maps.Store.Unreadable);
    }

    /// <summary>Makes the map called <c>bad</c> one whose data is no map, which no server would say.</summary>
    private static string Spoil(string json)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(json)!;
        var items = node["items"]?.AsArray().Select(item => item!) ?? [node["object"]!];
        foreach (var item in items.Where(item => (string?)item["metadata"]?["name"] == "bad"))
            item["data"] = "no map";
        return node.ToJsonString();
    }
}
