using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Values;

/// <summary>What is made of several texts holds what is made of each, however alike they are.</summary>
public sealed class CookieMapsTests
{
    private static Budget Budget => Budget.ForPattern();

    [Theory]
    [InlineData("a=2; b=1; a=4;")]
    [InlineData("a=2; b=1; a=3;")]
    public void What_is_written_of_one_of_several_is_among_what_is_written_of_all(string jar)
    {
        var jars = RegexLanguage.Of(@"\Aa=2; b=1; a=[34];\z", Budget).May;

        var one = CookieMaps.Written.Image(Language.Literal(jar), Budget).OnlyWord(Budget);

        Assert.NotNull(one);
        Assert.True(CookieMaps.Written.Image(jars, Budget).Accepts(one));
    }

    [Theory]
    [InlineData("a=2; b=1;", "2")]
    [InlineData("a=3; b=1;", "3")]
    public void What_a_pattern_picks_of_one_of_two_is_among_what_it_picks_of_both(string jar, string value)
    {
        var get = CookieMaps.ValueLike("^a$", RegexLanguage.Of("^a$", Budget), null);

        Assert.True(get.Image(Language.Literal(jar), Budget).Accepts(value));
        Assert.True(get.Image(RegexLanguage.Of(@"\Aa=[23]; b=1;\z", Budget).May, Budget).Accepts(value));
    }

    [Fact]
    public void Two_words_that_differ_in_a_byte_are_not_one()
    {
        Assert.Null(RegexLanguage.Of(@"\Aa[01]\z", Budget).May.OnlyWord(Budget));
        Assert.Equal("a0"u8.ToArray(), Language.Literal("a0").OnlyWord(Budget));
        Assert.Null(Language.Empty.OnlyWord(Budget));
    }
}
