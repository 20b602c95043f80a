using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Values;

public sealed class TextMapTests
{
    private static readonly Budget Enough = Budget.ForProof();
    private static readonly Regexes Patterns = new(Enough);

    // As the library makes it of the same text.
    [Theory]
    [InlineData("_a=[^;]+(; )?", "", true, "x=1; _a=2; _a=3; session=4")]
    [InlineData("(^|; *)_[a-z]+=[^;]*", "", true, "_ga=1; session=2; _gid=3")]
    [InlineData("^([^?]*)\\?.*$", "\\1", false, "/path?query")]
    [InlineData("[?&]+$", "", false, "/path?&&")]
    [InlineData("/(en|de)/", "/", false, "/en/de/page")]
    [InlineData("x", "y", true, "none of it")]
    [InlineData("", "-", true, "ab")]
    public void Makes_of_a_word_what_the_relation_holds_for_it(
        string pattern, string replacement, bool all, string word)
    {
        var map = Patterns.MapOf(pattern, replacement, all)!;

        var made = map.Made(Encoding.Latin1.GetBytes(word), Enough);

        Assert.Equal(map.Image(Language.Literal(word), Enough).OnlyWord(Enough), made);
    }

    [Fact]
    public void Says_nothing_where_more_than_one_thing_is_possible() =>
        Assert.Null(TypedMap.AsText.Made("a"u8.ToArray(), Enough));
}
