using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Policies;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Verification.Policies;

public sealed class ReadingReachTests
{
    private const int States = 4;

    private static readonly ByteSet Alphabet = ByteSet.Of("ab/");

    private static readonly Gen<RoutePattern> Pattern = Gen.OneOf<RoutePattern>(
        new ExactPath("/a"), new ExactPath("/ab/a"), new PathPrefix("/b"), new PathTemplate("/{x}/b"),
            new PathRegex("^/(aa)*$"), new PathRegex("^/b[ab]a"));

    private static readonly Gen<(int From, int Input, int Output, int To)> Arc =
        Gen.Select(Gen.Int[0, States - 1], Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[0, States - 1]);

    private static readonly Gen<string> Written = Gen.OneOf("/", "a", "b").Array[0, 4].Select(string.Concat);

    private static Budget Free => Budget.ForProof();

    [Fact]
    public void A_reading_may_reach_a_path_exactly_when_something_that_it_writes_leads_there()
    {
        Gen.Select(Arc.Array[1, 9], Gen.Bool.Array[States], Pattern.Array[1, 3], Written.Array[6]).Sample(
            (arcs, accepting, patterns, beginnings) =>
            {
                var trie = new RouteTrie(Free);
                for (var i = 0; i < patterns.Length; i++)
                {
                    trie.Add(patterns[i], i, i);
                }

                var nfa = trie.Build();
                var classes = ByteClasses.Of(nfa.EachSet().Concat(Machine(arcs, accepting, 0).EachSet())
                    .Concat(Alphabet.Select(ByteSet.Of)));
                var paths = new LazyDfa(nfa, classes, Free);
                var reach = new ReadingReach(Machine(arcs, accepting, 0), paths, classes, Free);
                var personal = Language.FromNfa(nfa, Free);
                foreach (var beginning in beginnings)
                {
                    var state = beginning.Aggregate(paths.Start, (at, c) => paths.Step(at, classes[(byte)c]));
                    for (var reading = 0; reading < States; reading++)
                    {
                        var written = Language.Literal(beginning)
                            .Then(Language.All.Image(Machine(arcs, accepting, reading), Free), Free);
                        Assert.Equal(written.Intersects(personal, Free), reach.MayReach(reading, state));
                    }
                }
            },
            iter: 500);
    }

    /// <summary>The machine that begins in another of the states: the two change places.</summary>
    private static Transducer Machine((int From, int Input, int Output, int To)[] arcs, bool[] accepting, int start)
    {
        int Place(int state) => state == start ? 0 : state == 0 ? start : state;
        var builder = new TransducerBuilder();
        for (var s = 0; s < States; s++)
        {
            builder.AddState(accepting[Place(s)]);
        }

        foreach (var (from, input, output, to) in arcs)
        {
            ByteSet[] inputs = [ByteSet.Empty, ByteSet.Of('a'), ByteSet.Of('b'), ByteSet.Of('/'), Alphabet];
            int[] outputs = [Transducer.Nothing, Transducer.Any, Transducer.Copy, 'a', 'b', '/'];
            var written = input == 0 && outputs[output] == Transducer.Copy ? Transducer.Nothing : outputs[output];
            builder.AddArc(Place(from), new TransducerArc(inputs[input], written, Place(to)));
        }

        return builder.Build();
    }
}
