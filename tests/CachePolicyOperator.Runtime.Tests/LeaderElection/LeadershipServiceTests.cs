using System.Collections.Concurrent;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.Runtime.LeaderElection;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestCluster.Faults;
using k8s;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.LeaderElection;

public sealed class LeadershipServiceTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>,
    IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _log = [];
    private string _namespace = "";

    public async Task InitializeAsync() => _namespace = await cluster.NewNamespaceAsync("lead");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task One_of_two_leads_and_the_other_takes_over_at_once_when_it_stops()
    {
        await using var first = await StartAsync("first", Election());
        await LoggedAsync("first begins");
        await using var second = await StartAsync("second", Election());
        await Eventually.TrueAsync("the second to have looked",
            async _ => (await LeaseAsync()).Spec.HolderIdentity == "first");
        Assert.True(first.Get<ILeadership>().IsLeading);
        Assert.False(second.Get<ILeadership>().IsLeading);

        await first.StopAsync();
        await LoggedAsync("second begins");
        Assert.Equal(["first begins", "first is told to end", "first ends", "second begins"], _log);
        var lease = await LeaseAsync();
        Assert.Equal("second", lease.Spec.HolderIdentity);
        Assert.True(lease.Spec.LeaseTransitions >= 1);
    }

    [Fact]
    public async Task A_lease_that_was_given_back_has_an_empty_holder_and_a_second_to_live()
    {
        await using (await StartAsync("first", Election()))
            await LoggedAsync("first begins");
        var lease = await LeaseAsync();
        Assert.Equal("", lease.Spec.HolderIdentity);
        Assert.Equal(1, lease.Spec.LeaseDurationSeconds);
    }

    [Fact]
    public async Task The_lease_is_given_back_only_when_all_tasks_have_ended()
    {
        var linger = new TaskCompletionSource();
        var slow = new LeaderProbe("slow", _log) { Linger = linger.Task };
        await using var first =
            await StartAsync("first", Election(), services: services => services.AddSingleton<ILeaderTask>(slow));
        await LoggedAsync("slow begins");
        var stopping = first.StopAsync();
        await LoggedAsync("slow is told to end");
        for (var look = 0; look < 20; look++)
            Assert.Equal("first", (await LeaseAsync()).Spec.HolderIdentity);
        linger.SetResult();
        await stopping;
        Assert.Equal("", (await LeaseAsync()).Spec.HolderIdentity);
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_before_the_next_one_begins_and_leads_again_when_it_can()
    {
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        var time = new FakeTimeProvider();
        var election =
            Election() with { LeaseDuration = TimeSpan.FromSeconds(6), RenewDeadline = TimeSpan.FromSeconds(2) };
        await using var first = await StartAsync("first", election, proxy.Configuration(),
            services => services.AddSingleton<TimeProvider>(time));
        await LoggedAsync("first begins");
        await using var second =
            await StartAsync("second", election, services: services => services.AddSingleton<TimeProvider>(time));

        var outage = proxy.Inject(Fault.Break(request => request.Path.Contains("/leases", StringComparison.Ordinal)));
        await LoggedAsync("second begins", time: time);
        Assert.Equal(["first begins", "first is told to end", "first ends", "second begins"], _log);
        Assert.False(first.Get<ILeadership>().IsLeading);

        outage.Lift();
        await second.StopAsync();
        await LoggedAsync("first begins", 2, time);
    }

    [Fact]
    public async Task A_leader_whose_lease_another_holds_stops()
    {
        await using var first = await StartAsync("first", Election());
        await LoggedAsync("first begins");
        await Eventually.TrueAsync("the usurper to get its write in", async token =>
        {
            var lease = await LeaseAsync();
            lease.Spec.HolderIdentity = "usurper";
            lease.Spec.LeaseDurationSeconds = 3600;
            await cluster.Client.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, "test-operator", _namespace,
                cancellationToken: token);
            return true;
        });
        await LoggedAsync("first ends");
        await Eventually.TrueAsync("the first to follow", _ => Task.FromResult(!first.Get<ILeadership>().IsLeading));
        Assert.Equal("usurper", (await LeaseAsync()).Spec.HolderIdentity);
    }

    [Fact]
    public async Task A_lease_that_changes_while_it_is_given_back_is_given_back_all_the_same()
    {
        var seam = new ChangesBefore(async token =>
        {
            var lease = await LeaseAsync();
            lease.Spec.LeaseTransitions++;
            await cluster.Client.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, "test-operator", _namespace,
                cancellationToken: token);
        });
        // It does not renew meanwhile.
        var election = Election() with { RetryPeriod = TimeSpan.FromMinutes(20) };
        await using var first =
            await StartAsync("first", election, services: services => services.AddSingleton<IActSeam>(seam));
        await LoggedAsync("first begins");

        seam.Arm();
        await first.StopAsync();

        Assert.False(seam.IsArmed);
        Assert.Equal("", (await LeaseAsync()).Spec.HolderIdentity);
    }

    [Fact]
    public async Task A_leader_whose_renewal_meets_a_change_of_somebody_else_goes_on()
    {
        var seam = new ChangesBefore(async token =>
        {
            var lease = await LeaseAsync();
            lease.Spec.LeaseTransitions = 7;
            await cluster.Client.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, "test-operator", _namespace,
                cancellationToken: token);
        });
        await using var first =
            await StartAsync("first", Election(), services: services => services.AddSingleton<IActSeam>(seam));
        await LoggedAsync("first begins");

        seam.Arm();
        await Eventually.TrueAsync("somebody to have changed it",
            async _ => (await LeaseAsync()).Spec.LeaseTransitions >= 7);
        var changed = (await LeaseAsync()).Spec.RenewTime;
        await Eventually.TrueAsync("the next renewal", async _ => (await LeaseAsync()).Spec.RenewTime > changed);

        Assert.Equal(["first begins"], _log);
        Assert.Equal(7, (await LeaseAsync()).Spec.LeaseTransitions);
    }

    [Fact]
    public async Task Who_has_heard_nothing_of_the_lease_for_four_of_its_lives_is_not_ready()
    {
        await using var first = await StartAsync("first", Election());
        await LoggedAsync("first begins");
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        var time = new FakeTimeProvider();
        await using var second = await StartAsync("second", Election(), proxy.Configuration(),
            services => services.AddSingleton<TimeProvider>(time));
        var part = (IReadinessPart)second.Get<ILeadership>();
        await Eventually.TrueAsync("the second to know who leads", _ => Task.FromResult(!part.Missing().Any()));

        proxy.Inject(Fault.Break(request => request.Path.Contains("/leases", StringComparison.Ordinal)));
        time.Advance(TimeSpan.FromHours(5));

        Assert.StartsWith("it is not known which replica leads, since", Assert.Single(part.Missing()),
            StringComparison.Ordinal);
        Assert.Empty(((IReadinessPart)first.Get<ILeadership>()).Missing());
    }

    [Fact]
    public async Task A_server_that_refuses_at_first_does_not_end_the_candidacy()
    {
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        proxy.Inject(Fault.Break(request => request.Path.Contains("/leases", StringComparison.Ordinal), times: 3));
        await using var first = await StartAsync("first", Election(), proxy.Configuration());
        await LoggedAsync("first begins");
    }

    [Fact]
    public async Task A_task_that_fails_ends_the_term_and_the_next_term_begins()
    {
        await using var first = await StartAsync("first", Election(),
            services: services => services.AddSingleton<ILeaderTask>(new FailsOnce()));
        await LoggedAsync("first begins", 2);
        Assert.Equal(["first begins", "first is told to end", "first ends", "first begins"], _log.Take(4));
    }

    [Fact]
    public async Task Without_an_election_the_process_leads()
    {
        await using var alone = await StartAsync("alone", null);
        await LoggedAsync("alone begins");
        Assert.True(alone.Get<ILeadership>().IsLeading);
    }

    [Fact]
    public async Task The_lease_means_the_same_to_the_library_s_elector()
    {
        // It goes on for ever about a lease with no holder or no times, so it is the stricter reader.
        var first = await StartAsync("first", Election());
        await LoggedAsync("first begins");
        using var elector = new LeaderElector(new LeaderElectionConfig(
            new LeaseLock(cluster.Client, _namespace, "test-operator", "library"))
        { RetryPeriod = TimeSpan.FromMilliseconds(50) });
        using var stop = new CancellationTokenSource();
        elector.OnStartedLeading += () => _log.Enqueue("library begins");
        elector.OnNewLeader += leader => _log.Enqueue($"library sees {leader}");
        var running = elector.RunUntilLeadershipLostAsync(stop.Token);
        await LoggedAsync("library sees first");
        Assert.DoesNotContain("library begins", _log);
        await first.DisposeAsync();
        await LoggedAsync("library begins");
        await stop.CancelAsync();
        await running.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    // So long that no test waits for a lease to run out, and that none is lost on a slow machine.
    private LeaderElectionOptions Election() => new(_namespace, "test-operator")
    {
        LeaseDuration = TimeSpan.FromHours(1),
        RenewDeadline = TimeSpan.FromMinutes(30),
        RetryPeriod = TimeSpan.FromMilliseconds(50),
    };

    private Task<RunningOperator> StartAsync(
        string name, LeaderElectionOptions? election, KubernetesClientConfiguration? configuration = null,
            Action<IServiceCollection>? services = null) =>
        RunningOperator.StartAsync(
            configuration ?? cluster.ControlPlane.AdminConfiguration(),
            builder => builder.Services.AddSingleton<ILeaderTask>(new LeaderProbe(name, _log)),
            options => options with { Identity = name, LeaderElection = election },
            services);

    /// <param name="time">A clock that goes on while this waits.</param>
    private Task LoggedAsync(string entry, int times = 1, FakeTimeProvider? time = null) => Eventually.TrueAsync(
        $"`{entry}`, {times} times",
        _ =>
        {
            var isLogged = _log.Count(each => each == entry) >= times;
            if (!isLogged)
            {
                // In steps that are short beside the time a request may take.
                time?.Advance(TimeSpan.FromMilliseconds(100));
            }

            return Task.FromResult(isLogged);
        });

    private Task<k8s.Models.V1Lease> LeaseAsync() =>
        cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync("test-operator", _namespace);

    // Somebody else is faster than the next act, once.
    private sealed class ChangesBefore(Func<CancellationToken, Task> change) : IActSeam
    {
        private int _armed;

        public bool IsArmed => Volatile.Read(ref _armed) == 1;

        public void Arm() => Volatile.Write(ref _armed, 1);

        public async Task<T> PerformAsync<T>(
            Act act, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _armed, 0) == 1)
            {
                await change(cancellationToken);
            }

            return await perform(cancellationToken);
        }
    }

    private sealed class FailsOnce : ILeaderTask
    {
        private int _calls;

        public Task RunAsync(CancellationToken cancellationToken) => Interlocked.Increment(ref _calls) == 1
            ? throw new InvalidOperationException("a bug")
            : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
