using CachePolicyOperator.Runtime.Queues;

namespace CachePolicyOperator.Runtime.Tests.Queues;

public sealed class BackoffOptionsTests
{
    private readonly BackoffOptions _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(9, 256)]
    [InlineData(10, 300)]
    [InlineData(1_000_000, 300)]
    [InlineData(int.MaxValue, 300)]
    public void The_pause_doubles_up_to_the_maximum_and_never_overflows(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), _backoff.After(failures));
}
