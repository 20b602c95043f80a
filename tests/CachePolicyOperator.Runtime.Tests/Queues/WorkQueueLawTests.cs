using CachePolicyOperator.Runtime.Queues;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.Queues;

public sealed class WorkQueueLawTests
{
    private static readonly BackoffOptions Backoff = new(TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(60));

    private static readonly Gen<string> Keys = Gen.Int[0, 2].Select(i => "abc"[i].ToString());

    // Short times: two that meet are where a ticket of the past looks like one of now.
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (3, Keys.Select(key => new Step(Kind.Add, key, 0))),
        (3, Gen.Select(Keys, Gen.Int[1, 4]).Select(pair => new Step(Kind.AddAfter, pair.Item1, pair.Item2))),
        (1, Keys.Select(key => new Step(Kind.AddRateLimited, key, 0))),
        (1, Keys.Select(key => new Step(Kind.Forget, key, 0))),
        (4, Gen.Const(new Step(Kind.Take, "", 0))),
        (4, Keys.Select(key => new Step(Kind.Done, key, 0))),
        (3, Gen.Int[1, 4].Select(delay => new Step(Kind.Wait, "", delay))));

    private enum Kind
    {
        Add,
        AddAfter,
        AddRateLimited,
        Forget,
        Take,
        Done,
        Wait,
    }

    /// <summary>
    /// Against a model that keeps one due time a key and a set of held keys, whatever is done in whatever order.
    /// </summary>
    [Fact]
    public Task What_is_handed_out_is_due_and_not_held_and_nothing_that_is_due_is_kept_back() =>
        Steps.Array[1, 120].SampleAsync(async steps =>
        {
            var time = new FakeTimeProvider();
            using var queue = new WorkQueue<string>(time, Backoff);
            var model = new Model();
            foreach (var step in steps)
                await PlayAsync(step, queue, model, time);
        });

    [Fact]
    public async Task No_key_is_ever_with_two_workers_and_every_key_is_handled_after_it_was_last_added()
    {
        const int Rounds = 4000;
        var keys = Enumerable.Range(0, 7).ToArray();
        using var queue = new WorkQueue<int>(TimeProvider.System, Backoff);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var (added, handled, holders) = (new long[keys.Length], new long[keys.Length], new int[keys.Length]);
        var doubles = 0;
        var complete = new TaskCompletionSource();

        async Task WorkAsync()
        {
            while (true)
            {
                var key = await queue.TakeAsync(enough.Token);
                if (Interlocked.Increment(ref holders[key]) > 1)
                    Interlocked.Increment(ref doubles);
                var seen = Interlocked.Read(ref added[key]);
                await Task.Yield();
                Interlocked.Exchange(ref handled[key], seen);
                Interlocked.Decrement(ref holders[key]);
                queue.Done(key);
                if (keys.All(each => Interlocked.Read(ref handled[each]) == Rounds))
                    complete.TrySetResult();
            }
        }

        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(WorkAsync)).ToArray();
        await Parallel.ForEachAsync(keys, async (key, _) =>
        {
            for (var round = 1; round <= Rounds; round++)
            {
                Interlocked.Exchange(ref added[key], round);
                if (round % 3 == 0)
                    queue.AddAfter(key, TimeSpan.FromMilliseconds(1));
                else
                    queue.Add(key);
                if (round % 64 == 0)
                    await Task.Yield();
            }
        });
        await Task.WhenAny([complete.Task, .. workers]);
        await enough.CancelAsync();
        await Task.WhenAll(workers)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.Equal(0, doubles);
        Assert.All(handled, each => Assert.Equal(Rounds, each));
    }

    private static async Task PlayAsync(Step step, WorkQueue<string> queue, Model model, FakeTimeProvider time)
    {
        switch (step.Kind)
        {
            case Kind.Add:
                queue.Add(step.Key);
                model.Ask(step.Key, 0);
                break;
            case Kind.AddAfter:
                queue.AddAfter(step.Key, TimeSpan.FromMilliseconds(step.Delay));
                model.Ask(step.Key, step.Delay);
                break;
            case Kind.AddRateLimited:
                var failures = model.Failures[step.Key] = model.Failures.GetValueOrDefault(step.Key) + 1;
                var delay = (int)Math.Min(4 * Math.Pow(2, failures - 1), 60);
                Assert.Equal(TimeSpan.FromMilliseconds(delay), queue.AddRateLimited(step.Key));
                model.Ask(step.Key, delay);
                break;
            case Kind.Forget:
                queue.Forget(step.Key);
                model.Failures.Remove(step.Key);
                break;
            case Kind.Take:
                var key = await queue.TryTakeAsync();
                if (key is null)
                    Assert.Empty(model.Ready);
                else
                    Assert.Contains(key, model.Ready);
                model.Take(key);
                break;
            case Kind.Done:
                queue.Done(step.Key);
                model.Held.Remove(step.Key);
                break;
            case Kind.Wait:
                time.Advance(TimeSpan.FromMilliseconds(step.Delay));
                model.Now += step.Delay;
                break;
        }

        Assert.Equal(model.Due.Count, queue.Count);
    }

    private sealed record Step(Kind Kind, string Key, int Delay);

    private sealed class Model
    {
        public int Now { get; set; }

        public Dictionary<string, int> Due { get; } = [];

        public HashSet<string> Held { get; } = [];

        public Dictionary<string, int> Failures { get; } = [];

        public IEnumerable<string> Ready =>
            Due.Where(pair => pair.Value <= Now && !Held.Contains(pair.Key)).Select(pair => pair.Key);

        public void Ask(string key, int delay) =>
            Due[key] = Math.Min(Due.GetValueOrDefault(key, int.MaxValue), Now + delay);

        public void Take(string? key)
        {
            if (key is null)
                return;
            Due.Remove(key);
            Held.Add(key);
        }
    }
}
