using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Tests.Incidents;

public sealed class FallbackOrderTests
{
    [Theory]
    [InlineData("Bypassed", CacheLevel.Bypassed)]
    [InlineData("NoCache", CacheLevel.NoCache)]
    [InlineData(" nocache ", CacheLevel.NoCache)]
    public void A_level_is_ordered_by_its_word(string word, CacheLevel level) =>
        Assert.Equal(new FallbackOrder(level, null), FallbackOrder.Read(word));

    [Fact]
    public void A_quarantine_says_that_it_acts_as_a_bypass()
    {
        var order = FallbackOrder.Read("Quarantined");

        Assert.Equal(CacheLevel.Bypassed, order.Level);
        Assert.Contains("acts as `Bypassed`", order.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NoCahce", "`NoCahce`")]
    [InlineData("Cached", "`Cached`")]
    [InlineData("true", "`true`")]
    [InlineData("", "``")]
    public void A_word_that_nobody_knows_orders_the_lowest_level_and_is_told(string word, string shown)
    {
        var order = FallbackOrder.Read(word);

        Assert.Equal(CacheLevel.NoCache, order.Level);
        Assert.StartsWith($"{shown} is no level to fall back to, and acts as `NoCache`", order.Note,
            StringComparison.Ordinal);
        Assert.Contains(FallbackOrder.Accepted, order.Note, StringComparison.Ordinal);
    }
}
