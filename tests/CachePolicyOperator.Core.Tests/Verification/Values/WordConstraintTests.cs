using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Values;

public sealed class WordConstraintTests
{
    // What is told of a value without making its language is what the language says, for values of one line.
    [Theory]
    [InlineData("^/a$")]
    [InlineData("^/a(?:$|/)")]
    [InlineData("[?]")]
    [InlineData("^$")]
    [InlineData("a\\z")]
    public void What_stands_before_a_query_is_judged_as_the_cut_makes_it(string pattern)
    {
        var regexes = new Regexes(Budget.ForProof());
        var cut = regexes.MapOf(@"\?.*$", "", all: false)!;
        foreach (var words in new[] { regexes.LanguageOf(pattern).May, regexes.LanguageOf(pattern).May.Complement() })
        {
            var condition = new WordConstraint([cut], words);
            var values = new WordConstraint([cut], words).Values(Budget.ForProof());
            foreach (var value in new[] { "", "/a", "/a?", "/a?x", "/a/b?a", "?", "??", "?a", "/b", "b?/a", "/a?x?y",
                "/?a" })
            {
                var bytes = Encoding.Latin1.GetBytes(value);
                Assert.Equal(values.Accepts(bytes), condition.Accepts(bytes, Budget.ForProof()));
                Assert.Equal(values.Accepts(bytes), condition.Automaton(Budget.ForProof()).Accepts(bytes));
            }
        }
    }

    [Fact]
    public void Of_texts_of_more_lines_nothing_is_denied()
    {
        var cut = new Regexes(Budget.ForProof()).MapOf(@"\?.*$", "", all: false)!;

        Assert.True(new WordConstraint([cut], Language.Empty).Automaton(Budget.ForProof()).Accepts("/a?b\nc"u8));
    }
}
