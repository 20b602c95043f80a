using CachePolicyOperator.Core.Incidents;
using static CachePolicyOperator.Core.Tests.Incidents.AnIncident;

namespace CachePolicyOperator.Core.Tests.Incidents;

public sealed class IncidentTests
{
    [Theory]
    [InlineData("stored/personal", true)]
    [InlineData("hit/guarded", true)]
    [InlineData(Sign.Leak, true)]
    [InlineData(Sign.Manual, false)]
    [InlineData(Sign.EntryByHand, false)]
    [InlineData(Sign.IncidentRemoved, false)]
    [InlineData(Sign.CacheUnavailable, false)]
    [InlineData("", false)]
    public void What_a_tripwire_saw_is_a_leak_and_nothing_else_is(string trigger, bool isLeak) =>
        Assert.Equal(isLeak, (Open() with { Trigger = trigger }).IsLeak);
}
