using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Origins;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Routes.Origins;

public sealed class TransducerTests
{
    private static readonly Gen<Transducer> Machine = Gen.OneOf(
        [.. OriginProfiles.Find("strict")!.Steps.Items.Select(s => s.Behavior.Readings)]);

    private static readonly Gen<string> Word = Gen.OneOf(
        "/", "a", ".", "A", "%", "2", "e", ";", "/..", "//", "\u00e9").Array[0, 5].Select(string.Concat);

    // Two of the machines joined may cost more than one proof spends; the law holds whatever it costs.
    private static Budget Free => new(work: 1_000_000_000, cells: 100_000_000);

    [Fact]
    public void What_a_word_may_become_is_what_it_may_come_from()
    {
        Gen.Select(Machine, Word, Word).Sample(
            (machine, x, y) => Assert.Equal(
                Language.Literal(x).Image(machine, Free).Accepts(y),
                    Language.Literal(y).PreImage(machine, Free).Accepts(x)),
            iter: 2_000);
    }

    [Fact]
    public void A_machine_after_a_machine_does_what_both_do()
    {
        Gen.Select(Machine, Machine, Word).Sample(
            (first, second, word) =>
            {
                var language = Language.Literal(word);
                var joined = first.Then(second, Free);

                // A byte that may be any one is not narrowed by the machine behind it: more readings, never fewer.
                Assert.True(language.Image(joined, Free)
                    .Includes(language.Image(first, Free).Image(second, Free), Free));
                Assert.True(language.PreImage(joined, Free)
                    .Includes(language.PreImage(second, Free).PreImage(first, Free), Free));
            },
            iter: 300);
    }

    [Fact]
    public void Every_behaviour_leaves_a_path_as_it_is_if_it_likes()
    {
        foreach (var behavior in OriginProfiles.Ids.SelectMany(id => OriginProfiles.Find(id)!.Steps.Items)
            .Select(s => s.Behavior).Distinct())
        {
            Word.Sample(
                word => Assert.True(Language.Literal("/" + word).Image(behavior.Readings, Free).Accepts("/" + word),
                    $"{behavior.Id} {word}"),
                iter: 50);
        }
    }
}
