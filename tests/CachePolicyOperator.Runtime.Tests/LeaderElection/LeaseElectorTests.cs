using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.LeaderElection;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Tests.Informers;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.LeaderElection;

/// <summary>Two candidates and one lease on the real API server; no time passes but what a test lets pass.</summary>
public sealed class LeaseElectorTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>, IAsyncLifetime
{
    private static readonly CancellationToken Any = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private LeaderElectionOptions _election = null!;
    private KubernetesApi _api = null!;

    public async Task InitializeAsync()
    {
        _election = new(await cluster.NewNamespaceAsync("lease"), "test-operator");
        _api = new(cluster.ControlPlane.AdminConfiguration(), FollowedConfigMaps.Options, TimeProvider.System);
    }

    public Task DisposeAsync()
    {
        _api.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_lease_that_is_renewed_is_never_taken_and_one_that_is_not_runs_out()
    {
        var (first, second) = (Candidate("first"), Candidate("second"));
        Assert.True(await first.TryHoldAsync(Any));
        for (var renewal = 0; renewal < 4; renewal++)
        {
            Assert.False(await second.TryHoldAsync(Any));
            _time.Advance(0.6 * _election.LeaseDuration);
            Assert.True(await first.TryHoldAsync(Any));
        }

        Assert.False(await second.TryHoldAsync(Any));
        _time.Advance(_election.LeaseDuration);
        Assert.True(await second.TryHoldAsync(Any));
        Assert.False(await first.TryHoldAsync(Any));
        Assert.Equal(("second", 1), await HeldAsync());
    }

    [Fact]
    public async Task A_lease_that_was_given_back_is_taken_at_once_and_counts_one_transition()
    {
        var (first, second) = (Candidate("first"), Candidate("second"));
        Assert.True(await first.TryHoldAsync(Any));
        Assert.False(await second.TryHoldAsync(Any));

        await first.ReleaseAsync(Any);
        Assert.True(await second.TryHoldAsync(Any));

        Assert.Equal(("second", 1), await HeldAsync());
    }

    [Fact]
    public async Task A_lease_of_another_is_not_given_back()
    {
        var (first, second) = (Candidate("first"), Candidate("second"));
        Assert.True(await first.TryHoldAsync(Any));

        await second.ReleaseAsync(Any);

        Assert.Equal(("first", 0), await HeldAsync());
    }

    [Fact]
    public async Task Of_two_that_reach_for_a_lease_that_ran_out_one_gets_it()
    {
        Assert.True(await Candidate("first").TryHoldAsync(Any));
        var third = Candidate("third");
        var second = Candidate("second", async () => Assert.True(await third.TryHoldAsync(Any)));
        Assert.False(await second.TryHoldAsync(Any) || await third.TryHoldAsync(Any));
        _time.Advance(_election.LeaseDuration);

        // The third is faster than the write of the second.
        Assert.False(await second.TryHoldAsync(Any));

        Assert.Equal(("third", 1), await HeldAsync());
    }

    [Fact]
    public async Task A_lease_is_held_since_it_was_asked_for_however_long_the_answer_took()
    {
        var slow = Candidate("slow", () =>
        {
            _time.Advance(_election.RenewDeadline);
            return Task.CompletedTask;
        });

        Assert.True(await slow.TryHoldAsync(Any));
        Assert.Equal(_election.RenewDeadline, slow.SinceHeld);
        Assert.True(await slow.TryHoldAsync(Any));
        Assert.Equal(_election.RenewDeadline, slow.SinceHeld);
    }

    private LeaseElector Candidate(string name, Func<Task>? beforeWrite = null)
    {
        var options = FollowedConfigMaps.Options;
        return new(
            new ResourceClient<V1Lease>(_api, options, new(), TimeProvider.System),
            new ResourceWriter(_api, new Before(beforeWrite), options, TimeProvider.System),
            _election,
            name,
            _time);
    }

    private async Task<(string Holder, int Transitions)> HeldAsync()
    {
        var lease =
            await cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync(_election.LeaseName, _election.Namespace);
        return (lease.Spec.HolderIdentity, lease.Spec.LeaseTransitions ?? 0);
    }

    private sealed class Before(Func<Task>? act) : IActSeam
    {
        public async Task<T> PerformAsync<T>(
            Act what, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken)
        {
            await (act?.Invoke() ?? Task.CompletedTask);
            return await perform(cancellationToken);
        }
    }
}
