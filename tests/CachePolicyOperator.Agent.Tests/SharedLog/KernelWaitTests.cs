using System.Diagnostics;
using CachePolicyOperator.Agent.SharedLog;

namespace CachePolicyOperator.Agent.Tests.SharedLog;

public sealed class KernelWaitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1_100)]
    public void It_is_as_long_as_was_asked(int milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        var before = Stopwatch.GetTimestamp();

        KernelWait.For(time);

        Assert.InRange(Stopwatch.GetElapsedTime(before), time, time + TimeSpan.FromSeconds(20));
    }
}
