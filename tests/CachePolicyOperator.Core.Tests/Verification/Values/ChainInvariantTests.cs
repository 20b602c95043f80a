using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Values;

public sealed class ChainInvariantTests
{
    private static readonly Budget Enough = Budget.ForProof();
    private static readonly Regexes Patterns = new(Enough);

    private static readonly Language Session = Patterns.LanguageOf("(?:^|; *)session=[^;]").May;
    private static readonly Language Blank = Patterns.LanguageOf("^[; ]*$").May;

    // What is taken off with the blank behind it may join what is before to what is behind.
    [Theory]
    [InlineData("(^|; *)_a=[^;]*", true)]
    [InlineData("_a=[^;]+(; )?", false)]
    [InlineData("session=[^;]*", false)]
    public void What_every_map_keeps_is_there_behind_them_all(string pattern, bool refuses)
    {
        var chain = Chain(Map(pattern), Map("(^|; *)_b=[^;]*"));

        Assert.Equal(refuses, ChainInvariant.Refuses(Session, [new WordConstraint(chain, Blank)], Enough));
        Assert.Equal(refuses, ChainSearch.Find(Session, [new WordConstraint(chain, Blank)], Enough) is null);
    }

    [Fact]
    public void No_value_meets_two_conditions_that_exclude_each_other()
    {
        var chain = Chain(Map("_a=[^;]+(; )?"), Map("_b=[^;]+(; )?"));

        Assert.True(
            ChainInvariant.Refuses(Language.All, [new WordConstraint(chain, Blank), new WordConstraint(chain, Session)],
            Enough));
        Assert.False(
            ChainInvariant.Refuses(Language.All, [new WordConstraint(chain, Blank), new WordConstraint(chain, Blank)],
            Enough));
        Assert.False(ChainInvariant.Refuses(Language.All,
            [new WordConstraint(chain, Blank), new WordConstraint(Chain(Map("_a=[^;]+(; )?")), Session)], Enough));
    }

    private static EquatableList<TextMap> Chain(params TextMap[] maps) => maps.ToEquatableList();

    private static TextMap Map(string pattern) => Patterns.MapOf(pattern, string.Empty, all: true)!;
}
