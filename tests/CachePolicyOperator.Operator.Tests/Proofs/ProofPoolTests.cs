using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Proofs;

public sealed class ProofPoolTests : IDisposable
{
    private readonly ProofPool _pool = new(
        new ProofLimits { AtOnce = 1, Waiting = 4, WaitingOfUser = 3 }, TimeProvider.System);
    private readonly ManualResetEventSlim _gate = new();
    private readonly List<string> _begun = [];

    public void Dispose()
    {
        _gate.Set();
        _pool.Dispose();
    }

    [Fact]
    public async Task A_proof_runs_on_a_thread_of_the_pool_and_not_of_the_process()
    {
        var ran = await _pool.RunAsync("a", () => (Thread.CurrentThread.IsThreadPoolThread, Thread.CurrentThread.Name),
            CancellationToken.None);

        Assert.Equal((false, "proof 0"), ran);
    }

    [Fact]
    public async Task No_more_run_at_once_than_there_are_threads()
    {
        using var pool = new ProofPool(new ProofLimits { AtOnce = 2 }, TimeProvider.System);
        var (running, most) = (0, 0);
        var all = Enumerable.Range(0, 16).Select(_ => pool.RunAsync("a", () =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            Thread.Yield();
            return Interlocked.Decrement(ref running);
        }, CancellationToken.None));

        await Task.WhenAll(all);

        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Users_take_turns_so_that_many_of_one_do_not_keep_another_waiting()
    {
        var first = await RunningAsync("a", "a1");
        Task[] rest = [Begin("a", "a2"), Begin("a", "a3"), Begin("b", "b1"), Begin(ProofPool.Operator, "own")];
        _gate.Set();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal(["a1", "a2", "b1", "own", "a3"], _begun);
    }

    [Fact]
    public async Task Who_has_his_share_waiting_is_refused_with_a_sentence_and_others_are_not()
    {
        Task[] waiting = [Begin("a", "1"), Begin("a", "2"), Begin("a", "3")];

        var refusal = await Assert.ThrowsAsync<ProofsBusyException>(() => Begin("a", "4"));
        Assert.Contains("3 objects of yours", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("try again", refusal.Message, StringComparison.Ordinal);
        var other = Begin("b", "1");
        _gate.Set();
        await Task.WhenAll([.. waiting, other]);
    }

    [Fact]
    public async Task When_too_many_wait_everybody_but_the_operator_is_refused()
    {
        List<Task> waiting = [await RunningAsync("a", "runs")];
        waiting.AddRange([Begin("b", "1"), Begin("b", "2"), Begin("c", "1"), Begin("c", "2")]);

        var refusal = await Assert.ThrowsAsync<ProofsBusyException>(() => Begin("d", "1"));
        Assert.Contains("4 proofs wait already", refusal.Message, StringComparison.Ordinal);
        waiting.Add(Begin(ProofPool.Operator, "own"));
        _gate.Set();
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task What_is_given_up_while_it_waits_is_never_begun_and_makes_room()
    {
        using var given = new CancellationTokenSource();
        var first = await RunningAsync("a", "runs");
        Task[] leaving = [Begin("a", "never", given.Token), Begin("a", "neither", given.Token)];
        await given.CancelAsync();
        foreach (var each in leaving)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => each);
        }

        Assert.Equal(0, _pool.Waiting);
        var late = Begin("a", "late");
        _gate.Set();
        await Task.WhenAll(first, late);

        Assert.Equal(["runs", "late"], _begun);
    }

    [Fact]
    public async Task Who_was_answered_may_ask_again_however_often()
    {
        _gate.Set();
        for (var i = 0; i < 10; i++)
        {
            await Begin("a", $"{i}");
        }

        Assert.Equal(10, _begun.Count);
    }

    [Fact]
    public async Task Who_waits_no_longer_does_not_wait_for_a_proof_that_runs()
    {
        using var given = new CancellationTokenSource();
        var running = await RunningAsync("a", "runs", given.Token);

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_proof_that_throws_is_an_answer_and_the_next_one_is_begun()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _pool.RunAsync<int>("a", () => throw new InvalidOperationException("a bug"), CancellationToken.None));

        Assert.Equal(7, await _pool.RunAsync("a", () => 7, CancellationToken.None));
    }

    [Theory]
    [InlineData(1, 64L << 30, 1)]
    [InlineData(8, 64L << 30, 7)]
    [InlineData(8, 200L << 20, 1)]
    [InlineData(8, 768L << 20, 1)]
    [InlineData(8, 1792L << 20, 3)]
    [InlineData(64, 1L << 40, 16)]
    public void There_are_as_many_threads_as_processors_and_memory_allow(int processors, long memory, int threads) =>
        Assert.Equal(threads, new ProofLimits().Threads(processors, memory));

    private static void InterlockedMax(ref int most, int now)
    {
        for (var known = Volatile.Read(ref most); known < now; known = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, known);
        }
    }

    /// <summary>The one that all others wait for.</summary>
    private async Task<Task<bool>> RunningAsync(string user, string name, CancellationToken cancellationToken = default)
    {
        var running = Begin(user, name, cancellationToken);
        await Eventually.TrueAsync("it to run", _ => Task.FromResult(_begun.Count == 1), CancellationToken.None);
        return running;
    }

    private Task<bool> Begin(string user, string name, CancellationToken cancellationToken = default) => _pool.RunAsync(
        user,
        () =>
        {
            _begun.Add(name);
            _gate.Wait(CancellationToken.None);
            return true;
        },
        cancellationToken);
}
