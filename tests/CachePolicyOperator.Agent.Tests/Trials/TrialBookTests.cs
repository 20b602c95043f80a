using CachePolicyOperator.Agent.Trials;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Tests.Trials;

public sealed class TrialBookTests
{
    private readonly TrialBook _book = new();

    [Fact]
    public async Task Who_waits_for_an_order_gets_the_first_one_and_at_once_what_is_ordered_already()
    {
        var waiting = _book.OrderedAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _book.Put(Order("first"));

        Assert.Equal("first", (await waiting).Id);
        Assert.Equal("first", (await _book.OrderedAsync(CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Where_a_trial_ended_the_next_one_is_waited_for_and_another_stands_in_its_place_at_once()
    {
        _book.Put(Order("first"));
        _book.Put(Order("second"));
        Assert.Equal("second", (await _book.OrderedAsync(CancellationToken.None)).Id);

        _book.End();
        var waiting = _book.OrderedAsync(CancellationToken.None);
        _book.End();
        Assert.False(waiting.IsCompleted);

        _book.Put(Order("third"));
        Assert.Equal("third", (await waiting).Id);
    }

    [Fact]
    public async Task A_wait_ends_with_the_agent()
    {
        using var stopping = new CancellationTokenSource();
        var waiting = _book.OrderedAsync(stopping.Token);

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static TrialOrder Order(string id) => new(id, Digest.Of("vcl 4.1;"), ["www.example.com"], ["/"], 1, 1);
}
