using CachePolicyOperator.Cli.Terminals;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Cli.Tests.Terminals;

public sealed class ProgressLineTests : IDisposable
{
    private readonly StringWriter _error = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_takes_longer_than_a_second_is_told_each_second_and_leaves_nothing_behind()
    {
        using (ProgressLine.Of("proving web/storefront", Of(isWatched: true)))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("\rproving web/storefront … 1 s\e[K\rproving web/storefront … 2 s\e[K\r\e[K", _error.ToString());
    }

    [Fact]
    public void What_is_done_within_a_second_and_what_nobody_looks_at_says_nothing()
    {
        using (ProgressLine.Of("quick", Of(isWatched: true)))
        {
            _time.Advance(TimeSpan.FromMilliseconds(900));
        }

        using (ProgressLine.Of("slow", Of(isWatched: false)))
        {
            _time.Advance(TimeSpan.FromSeconds(9));
        }

        Assert.Equal("", _error.ToString());
    }

    public void Dispose() => _error.Dispose();

    private Terminal Of(bool isWatched) =>
        new(() => Stream.Null, TextWriter.Null, _error, false, _ => null, _time) { IsErrorWatched = isWatched };
}
