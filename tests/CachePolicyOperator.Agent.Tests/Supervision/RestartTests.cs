using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.TestCluster;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace CachePolicyOperator.Agent.Tests.Supervision;

public sealed class RestartTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_restarted_varnishd_gets_its_proven_revision_back_without_the_operator()
    {
        await using var pod = await CachePod.StartAsync();
        var package = Vcl.Package(pod.Origin.Port);
        await pod.Agent.ProgramAsync(package);

        await pod.Varnish.RestartAsync();
        await pod.Agent.EventAsync<VarnishRestarted>();
        var status = await pod.Agent.StatusAsync("the log to be watched", s => s.Watching && s.ActiveProven);

        Assert.Equal(package.Proof.Digest, status.ActiveDigest);
        Assert.StartsWith("good", (await pod.AskAsync("/x")).Header("X-Vcl"));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.GetAsync("/mypage", "alice");
        await pod.Agent.StatusAsync("the agent to bypass", s => s.Level == CacheLevel.Bypassed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revision_that_somebody_wrote_into_the_agents_files_serves_only_where_the_operator_signed_it(
        bool isSigned)
    {
        await using var pod = await CachePod.StartAsync();
        var package = Vcl.Package(pod.Origin.Port);
        await pod.Agent.ProgramAsync(package);
        await pod.Agent.DisposeAsync();
        var written = Vcl.Package(Vcl.Leaky(pod.Origin.Port), pod.Origin.Port);
        var files = new StateDirectory(pod.Files.State, NoFailPoints.Instance, NullLogger<StateDirectory>.Instance);
        files.Write(isSigned ? AgentUnderTest.Signed(written, pod.Files.Authority) : written);
        files.Write(files.ReadState().Holding(written.Proof.Digest).Activating(written.Proof.Digest));

        await pod.Varnish.RestartAsync();
        await pod.StartAgentAsync();
        await pod.Agent.StatusAsync("what is held to be loaded", s => s.Loaded.Contains(package.Proof.Digest));

        Assert.Equal(isSigned, await Serves(pod, "leaky"));
        Assert.Equal(isSigned, (await pod.Agent.StatusAsync()).Loaded.Contains(written.Proof.Digest));
    }

    private static async Task<bool> Serves(CachePod pod, string vcl) =>
        (await pod.AskAsync("/x")).Header("X-Vcl") == vcl;

    [Fact]
    public async Task A_bypass_by_itself_survives_varnishd_and_the_agent_and_its_leak_is_told_again()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.GetAsync("/mypage", "alice");
        var leak = await pod.Agent.EventAsync<LeakDetected>(fits: l => l.Exposure.StoredBy is not null);
        await pod.Agent.StatusAsync("the leak to be told", s => s.LastLeak >= leak.Sequence);

        await pod.Agent.DisposeAsync();
        await pod.Varnish.RestartAsync();
        await pod.StartAgentAsync();
        var status = await pod.Agent.StatusAsync("the bypass to be back", s => s.ActiveProven);

        Assert.Equal(CacheLevel.Bypassed, status.Level);
        Assert.True(status.BypassedByItself);
        Assert.Equal("bypass", (await pod.AskAsync("/x")).Header("X-Vcl"));
        var again = await pod.Agent.EventAsync<LeakDetected>();
        Assert.Equal(leak.Exposure, again.Exposure);
        Assert.Equal("level/leak-unacknowledged", (await pod.Agent.OrderAsync(CacheLevel.Cached))?.Code);
        Assert.Null(await pod.Agent.OrderAsync(CacheLevel.Cached, status.LastLeak));
        Assert.StartsWith("good", (await pod.AskAsync("/x")).Header("X-Vcl"));
    }

    [Theory]
    [InlineData("\"/mypage\"", "\"/mypages\"")]
    [InlineData("\"signature\"", "\"signed\"")]
    [InlineData("{", "")]
    public async Task Where_somebody_changed_what_is_watched_for_everything_is_passed_until_the_operator_says_it_again(
        string word, string other)
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.Agent.DisposeAsync();
        var file = Path.Combine(pod.Files.State, "guard.json");
        var written = await File.ReadAllTextAsync(file);
        Assert.Contains(word, written, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, written.Replace(word, other, StringComparison.Ordinal));

        await pod.StartAgentAsync();
        var status = await pod.Agent.StatusAsync("the bypass", s => s.Level == CacheLevel.Bypassed);

        Assert.Equal((null, false), (status.GuardDigest, status.Watching));
        // The site stays up: what is passed needs no watch.
        Assert.Equal(HttpStatusCode.OK, await pod.Agent.ReadyAsync());
        Assert.Equal("bypass", (await pod.AskAsync("/funds")).Header("X-Vcl"));
        Assert.Contains("watch for", (await pod.Agent.EventAsync<LevelChanged>()).Reason, StringComparison.Ordinal);

        Assert.Null(await pod.Agent.PutGuardAsync(Vcl.Guard()));
        await pod.Agent.StatusAsync("the cache", s => s is { Level: CacheLevel.Cached, Watching: true });
        Assert.Equal("good", (await pod.AskAsync("/funds")).Header("X-Vcl"));
    }

    [Fact]
    public async Task Where_nothing_is_left_that_the_operator_vouches_for_but_a_bypass_it_serves()
    {
        await using var pod = await CachePod.StartAsync();
        var package = Vcl.Package(pod.Origin.Port);
        await pod.Agent.ProgramAsync(package);
        await pod.Agent.DisposeAsync();
        var file = Path.Combine(pod.Files.State, "state.json");
        var state = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
        state["serving"] = Digest.Of("a text that nobody signed").ToString();
        await File.WriteAllTextAsync(file, state.ToJsonString());
        File.Delete(Path.Combine(pod.Files.State, "guard.json"));

        await pod.StartAgentAsync();
        await pod.Agent.StatusAsync("the bypass", s => s.Level == CacheLevel.Bypassed);

        Assert.Equal("bypass", (await pod.AskAsync("/funds")).Header("X-Vcl"));
    }

    [Fact]
    public async Task A_leak_while_the_agent_is_away_is_found_in_the_log_when_it_is_back()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.Agent.DisposeAsync();
        await pod.GetAsync("/mypage", "alice");
        Assert.Equal("/mypage of alice", await pod.GetAsync("/mypage", "bob"));

        await pod.StartAgentAsync();

        var leak = await pod.Agent.EventAsync<LeakDetected>(
            fits: l => l.Exposure is { StoredBy: not null, ServedTo.Count: 1 });
        Assert.NotEqual(leak.Exposure.StoredBy!.Identity, leak.Exposure.ServedTo[0].Identity);
        await pod.Agent.StatusAsync("the agent to bypass", s => s.Level == CacheLevel.Bypassed);
        Assert.Equal("/mypage of bob", await pod.GetAsync("/mypage", "bob"));
    }

    [Fact]
    public async Task An_acknowledged_leak_does_not_trip_again_when_the_log_is_read_again()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.GetAsync("/mypage", "alice");
        await pod.Agent.EventAsync<LeakDetected>(fits: l => l.Exposure.StoredBy is not null);
        await pod.Agent.ReturnAsync();

        await pod.RestartAgentAsync();
        var status = await pod.Agent.StatusAsync("the log to be watched", s => s.Watching && s.ActiveProven);

        // A later trip shows that everything before it was judged.
        Assert.Equal(CacheLevel.Cached, status.Level);
        await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
        await pod.GetAsync("/account", "carol");
        var change = await pod.Agent.EventAsync<LevelChanged>(fits: c => c.ByItself && c.Instance == status.Instance);
        Assert.NotNull(change.ElapsedMilliseconds);
    }

    [Fact]
    public async Task An_agent_killed_between_any_two_acts_leaves_only_proven_states_and_goes_on()
    {
        await using var pod = await CachePod.StartAsync(withAgent: false);
        var package = Vcl.Package(pod.Origin.Port);
        for (var place = 0; ; place++)
        {
            var crash = new CrashPoint(place);
            await pod.RenewAsync(crash);
            await TryAsync(async () =>
            {
                await pod.Agent.PutGuardAsync(Vcl.Guard());
                await pod.Agent.PutRevisionAsync(package);
                await pod.Agent.ActivateAsync(package);
                await pod.Agent.OrderAsync(CacheLevel.Bypassed);
                await pod.Agent.OrderAsync(CacheLevel.Cached);
                await pod.Agent.OrderAsync(CacheLevel.Bypassed);
            });
            if (!crash.Crashed)
            {
                output.WriteLine($"{place} places: {string.Join(", ", crash.Acts)}");
                Assert.InRange(place, 12, 60);
                return;
            }

            await pod.RestartAgentAsync();
            await SettledAsync(pod, $"killed before {crash.Next}");

            // And the orders can be given again.
            Assert.Null(await pod.Agent.PutGuardAsync(Vcl.Guard()));
            Assert.Null(await pod.Agent.PutRevisionAsync(package));
            Assert.Null(await pod.Agent.ActivateAsync(package));
            Assert.Null(await pod.Agent.OrderAsync(CacheLevel.Cached, (await pod.Agent.StatusAsync()).LastEvent));
            Assert.Equal("good", (await pod.AskAsync("/y")).Header("X-Vcl"));
        }
    }

    [Fact]
    public async Task An_agent_killed_anywhere_in_its_own_bypass_is_bypassed_when_it_is_back()
    {
        await using var pod = await CachePod.StartAsync(withAgent: false);
        for (var place = 0; ; place++)
        {
            var crash = new CrashPoint(place, isArmed: false);
            await pod.RenewAsync(crash);
            await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
            crash.Arm();
            await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
            await pod.GetAsync("/mypage", "alice");
            await Eventually.TrueAsync("the bypass, or the kill", async _ =>
                crash.Crashed || (await pod.Agent.StatusAsync() is { BypassedByItself: true, LastLeak: > 0 }));
            var isWhole = !crash.Crashed;
            var acts = string.Join(", ", crash.Acts);
            await pod.RestartAgentAsync();

            await pod.Agent.StatusAsync(
                $"the bypass to be back; killed before {crash.Next}",
                s => s is { Level: CacheLevel.Bypassed, BypassedByItself: true, LastLeak: > 0 });
            Assert.Equal("bypass", (await pod.AskAsync("/y")).Header("X-Vcl"));
            await pod.Agent.EventAsync<LeakDetected>();
            Assert.Equal("level/leak-unacknowledged", (await pod.Agent.OrderAsync(CacheLevel.Cached))?.Code);
            if (isWhole)
            {
                output.WriteLine($"{place} places: {acts}");
                Assert.InRange(place, 4, 30);
                return;
            }
        }
    }

    [Fact]
    public async Task An_agent_process_killed_by_the_kernel_is_replaced_by_one_that_knows_the_bypass()
    {
        await using var pod = await CachePod.StartAsync(withAgent: false);
        await pod.RenewAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        await pod.Agent.DisposeAsync();
        var arguments = new[]
        {
            "exec", typeof(CachePolicyOperator.Agent.Hosting.AgentOptions).Assembly.Location,
            "--varnish-admin", $"127.0.0.1:{pod.Varnish.AdminPort}", "--secret-file", pod.Varnish.SecretPath,
            $"--varnish-name={pod.Varnish.WorkDirectory}", "--listen", "127.0.0.1:0", "--health", "127.0.0.1:0",
                "--metrics", "none",
            "--log-format", "json",
            "--certificate", pod.Files.Certificates, "--state", pod.Files.State,
        };
        await using (var process = ChildProcess.Start("dotnet", arguments))
        {
            await process.WaitForLineAsync(
                l => l.Contains("Reading the log", StringComparison.Ordinal), CancellationToken.None);
            await pod.Varnish.UseAsync(Vcl.Leaky(pod.Origin.Port));
            await pod.GetAsync("/mypage", "alice");
            await process.WaitForLineAsync(l => l.Contains("A leak", StringComparison.Ordinal), CancellationToken.None);

            // The act comes first and its record a moment later. Where both processes are lost in between, nothing is
            // left to know the bypass by.
            var record = Path.Combine(pod.Files.State, "state.json");
            await Eventually.TrueAsync("the bypass to be written down", async token =>
                (await File.ReadAllTextAsync(record, token)).Contains("\"byItself\":true", StringComparison.Ordinal));
            process.Kill();
            await process.Exited;
            Assert.All(process.Lines,
                line => Assert.Contains("\"Timestamp\":\"2", JsonDocument.Parse(line).RootElement.GetRawText(),
                StringComparison.Ordinal));
        }

        await pod.Varnish.RestartAsync();
        await pod.StartAgentAsync();

        await pod.Agent.StatusAsync(
            "the bypass to be back",
            s => s is { Level: CacheLevel.Bypassed, BypassedByItself: true, ActiveProven: true });
        Assert.Equal("/mypage of bob", await pod.GetAsync("/mypage", "bob"));
    }

    private static async Task TryAsync(Func<Task> orders)
    {
        try
        {
            await orders();
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException)
        {
            // The agent was killed on the way.
        }
    }

    // What serves is always proven, or the boot VCL before there is anything; and it comes to be what the status says.
    private static Task SettledAsync(CachePod pod, string when) =>
        Eventually.TrueAsync($"the pod to do what its status says; {when}", async _ =>
        {
            var vcl = (await pod.AskAsync("/settled")).Header("X-Vcl");
            Assert.Contains(vcl, new[] { null, "bypass", "good" });
            var status = await pod.Agent.StatusAsync();
            return status.EngineVersion is not null && status.ServingDigest is null
                || (status.ActiveProven && vcl == (status.Level == CacheLevel.Bypassed ? "bypass" : "good"));
        });
}
