using CachePolicyOperator.Runtime.Queues;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.Queues;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new(_time, new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)));

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task A_key_added_twice_is_handed_out_once()
    {
        _queue.Add("a");
        _queue.Add("a");
        Assert.Equal("a", await TakeAsync());
        _queue.Done("a");
        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task A_key_added_while_held_is_handed_out_again_after_Done()
    {
        _queue.Add("a");
        Assert.Equal("a", await TakeAsync());
        _queue.Add("a");
        Assert.Null(await TakeAsync());
        _queue.Done("a");
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task What_is_due_waits_and_what_is_not_or_is_held_does_not()
    {
        Assert.Equal(new LineWait(0, TimeSpan.Zero), _queue.Waiting);
        _queue.Add("a");
        _time.Advance(TimeSpan.FromSeconds(2));
        _queue.Add("b");
        _queue.AddAfter("later", TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new LineWait(2, TimeSpan.FromSeconds(3)), _queue.Waiting);

        Assert.Equal("a", await TakeAsync());
        Assert.Equal(new LineWait(1, TimeSpan.FromSeconds(1)), _queue.Waiting);
    }

    [Fact]
    public async Task Of_two_delays_the_earlier_wins_in_either_order()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _queue.AddAfter("b", TimeSpan.FromSeconds(5));
        _queue.AddAfter("b", TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Null(await TakeAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a", await TakeAsync());
        Assert.Equal("b", await TakeAsync());
        _queue.Done("a");
        _queue.Done("b");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task A_delay_asked_for_while_held_counts_from_when_it_was_asked_for()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(3));
        _queue.Done("a");
        Assert.Null(await TakeAsync());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_key_that_keeps_failing_waits_twice_as_long_each_time_up_to_the_maximum_and_never_gives_up()
    {
        var expected = new[] { 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300 };
        foreach (var seconds in expected)
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), _queue.AddRateLimited("a"));
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Null(await TakeAsync());
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal("a", await TakeAsync());
            _queue.Done("a");
        }

        _queue.Forget("a");
        Assert.Equal(TimeSpan.FromSeconds(1), _queue.AddRateLimited("a"));
    }

    [Fact]
    public async Task A_delay_longer_than_a_timer_can_wait_is_kept()
    {
        _queue.AddAfter("a", TimeSpan.FromDays(100));
        _time.Advance(TimeSpan.FromDays(99));
        Assert.Null(await TakeAsync());
        for (var day = 0; day < 2; day++)
            _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_key_that_is_due_early_again_and_again_leaves_nothing_behind()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _queue.AddAfter("a", TimeSpan.FromHours(1));
            _queue.Add("a");
            Assert.Equal("a", await TakeAsync());
            _queue.Done("a");
        }

        Assert.Equal(0, _queue.Count);
        Assert.InRange(_queue.Tickets, 0, 100);
    }

    [Fact]
    public async Task A_void_ticket_that_happens_to_name_the_present_due_time_does_not_hand_out_a_held_key()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Add("a");
        await TakeAsync();
        _queue.Done("a");
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("a", await TakeAsync());
        _queue.Add("a");
        Assert.Null(await TakeAsync());
        _queue.Done("a");
        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task A_worker_that_waits_gets_the_next_key()
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        var taking = _queue.TakeAsync(enough.Token);
        Assert.False(taking.IsCompleted);
        _queue.Add("a");
        Assert.Equal("a", await taking);
    }

    private async Task<string?> TakeAsync() => await _queue.TryTakeAsync();
}
