using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Values;

public sealed class ChainSearchTests
{
    [Theory]
    [InlineData("^ab$")]
    [InlineData("^b?c$")]
    [InlineData("aa")]
    [InlineData("^$")]
    public void It_finds_a_word_where_the_pre_images_meet_and_none_where_they_do_not(string pattern)
    {
        var budget = Budget.ForProof();
        var regexes = new Regexes(budget);
        TextMap[] maps = [regexes.MapOf("ab|c", "b", all: true)!, regexes.MapOf("b+$", "", all: false)!];
        var words = regexes.LanguageOf(pattern).May;
        // Walked or known, the answer is the same.
        WordConstraint[] walked =
        [
            new([maps[0], maps[1]], Nfa.Of(words, budget)),
            new([maps[0]], Nfa.Of(regexes.LanguageOf("b").May, budget)),
        ];
        var meeting = Language.FromNfa(walked[0].Values(budget).ToNfa(budget), budget)
            .Intersect(Language.FromNfa(walked[1].Values(budget).ToNfa(budget), budget), budget);
        foreach (var word in Words("abc", 4))
        {
            var found = ChainSearch.Find(Language.Literal(word), walked, budget);
            Assert.Equal(meeting.Accepts(Encoding.Latin1.GetBytes(word)), found is not null);
        }

        Assert.Equal(meeting.IsEmpty, ChainSearch.Find(Language.All, walked, budget) is null);
    }

    private static IEnumerable<string> Words(string letters, int length) =>
        length == 0 ? [string.Empty]
        : Words(letters, length - 1).SelectMany(w => letters.Select(c => w + c)).Concat(Words(letters, length - 1))
            .Distinct();
}
