using System.Text;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Routes.Automata;

public sealed class NfaWalkTests
{
    private static readonly Gen<RoutePattern> Pattern = Gen.OneOf<RoutePattern>(
        new ExactPath("/a"), new ExactPath("/a/b"), new PathPrefix("/a"), new PathPrefix("/"),
            new PathTemplate("/{x}/b"), new PathTemplate("/a{x}"),
        new PathRegex("^/a[ab]*$"), new PathRegex("^/ab(/|$)"), new PathRegex("b/"), new PathRegex(@"^/(a)\1"),
            new PathRegex("^/a(?!b)"));

    private static readonly Gen<string> Word = Gen.OneOf("/", "a", "b", "/a", "/b", "ab").Array[0, 5].Select(
        string.Concat);

    [Fact]
    public void A_walk_finds_the_tags_that_the_deterministic_automaton_finds()
    {
        Gen.Select(Pattern.Array[1, 5], Word.Array[20]).Sample(
            (patterns, words) =>
            {
                var trie = new RouteTrie(Budget.ForProof());
                for (var i = 0; i < patterns.Length; i++)
                {
                    trie.Add(patterns[i], 2 * i, (2 * i) + 1);
                }

                var nfa = trie.Build();
                var deterministic = new LazyDfa(nfa, nfa.Classes(), Budget.ForProof());
                var walk = new NfaWalk(nfa, Budget.ForProof());
                Assert.All(words,
                    word => Assert.Equal(deterministic.Run(Encoding.ASCII.GetBytes(word)),
                    walk.Run(Encoding.ASCII.GetBytes(word))));
            },
            iter: 1_000);
    }
}
