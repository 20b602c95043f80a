using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Routes.Automata;

public sealed class LanguageTests
{
    /// <summary>Words are compared up to this length; operations that lengthen words stay right within it.</summary>
    private const int Longest = 5;

    private static readonly string[] Words = [.. WordsUpTo(Longest)];

    private static Budget Free => Budget.ForProof();

    [Fact]
    public void Every_operation_agrees_with_sets_of_words()
    {
        Expressions(4).Sample(
            e =>
            {
                var (language, words) = e.Value;
                foreach (var word in Words)
                {
                    Assert.True(language.Accepts(word) == words.Contains(word), $"`{word}` of {e.Text}");
                }
            },
            iter: 2_000);
    }

    [Fact]
    public void A_literal_is_the_same_language_however_it_was_made()
    {
        Gen.Byte.Array[0, 12].Sample(
            word =>
            {
                var joined = Language.Concat(word.Select(b => Language.OneOf(ByteSet.Of(b))), Free);

                Assert.Equal(joined, Language.Literal(word));
                Assert.Equal(joined.GetHashCode(), Language.Literal(word).GetHashCode());
            },
            iter: 2_000);
    }

    [Fact]
    public void The_shortest_word_is_shortest_and_the_samples_are_words()
    {
        Expressions(4).Sample(
            e =>
            {
                var (language, words) = e.Value;
                var shortest = language.ShortestWord();
                var expected = words.OrderBy(w => w.Length).FirstOrDefault();
                Assert.Equal(language.IsEmpty, shortest is null);
                Assert.True(expected is null || shortest!.Length == expected.Length, e.Text);
                Assert.All(language.Samples(5), w => Assert.True(language.Accepts(w)));
                Assert.Equal(language.Samples(5).Count,
                    language.Samples(5).Select(Encoding.Latin1.GetString).Distinct().Count());
            },
            iter: 1_000);
    }

    [Fact]
    public void Languages_are_equal_exactly_when_no_word_tells_them_apart()
    {
        Gen.Select(Expressions(3), Expressions(3)).Sample(
            (x, y) =>
            {
                var (a, b) = (x.Value.Language, y.Value.Language);
                var differ = a.Except(b, Free).Union(b.Except(a, Free), Free);
                Assert.Equal(differ.IsEmpty, a.Equals(b));
                Assert.Equal(a.Except(b, Free).IsEmpty, b.Includes(a, Free));
                Assert.Equal(!a.Intersect(b, Free).IsEmpty, a.Intersects(b, Free));
                Assert.Equal(a.Intersect(b, Free).ShortestWord()?.Length, a.ShortestCommonWord(b, Free)?.Length);
                Assert.Equal(a.Union(b, Free), a.Complement().Intersect(b.Complement(), Free).Complement());
                Assert.Equal(a.Then(b, Free).Reverse(Free), b.Reverse(Free).Then(a.Reverse(Free), Free));
            },
            iter: 1_000);
    }

    [Fact]
    public void Quotients_take_beginnings_and_ends_away()
    {
        Gen.Select(Expressions(2), Expressions(2)).Sample(
            (x, y) =>
            {
                var (a, b) = (x.Value.Language, y.Value.Language);
                var product = a.Then(b, Free);
                if (!a.IsEmpty && !b.IsEmpty)
                {
                    Assert.True(product.After(a, Free).Includes(b, Free));
                    Assert.True(product.Before(b, Free).Includes(a, Free));
                }

                Assert.Equal(product.After(a, Free).Reverse(Free), product.Reverse(Free).Before(a.Reverse(Free), Free));
                Assert.Equal(b, b.After(Language.Epsilon, Free));
                Assert.Equal(b, b.Before(Language.Epsilon, Free));
            },
            iter: 500);
    }

    [Fact]
    public void A_number_of_states_is_the_least_possible()
    {
        // The third letter from the end is an `a`: eight states, whatever the way it was built.
        var language = Language.Concat(
            [Language.OneOf(ByteSet.Of("ab")).Star(Free), Language.Literal("a"),
                Language.OneOf(ByteSet.Of("ab")).Repeat(2, 2, Free)], Free);

        Assert.Equal(9, language.StateCount);
        Assert.Equal(4, language.Reverse(Free).StateCount - 1);
    }

    [Fact]
    public void A_witness_is_made_of_letters_where_letters_do()
    {
        Assert.Equal("aaa", Encoding.Latin1.GetString(Language.OneOf(ByteSet.All).Repeat(3, 3, Free).ShortestWord()!));
        Assert.Equal("0", Encoding.Latin1.GetString(Language.OneOf(~ByteSet.Lower).ShortestWord()!));
    }

    [Fact]
    public void What_would_explode_stops_at_the_budget()
    {
        var bytes = Language.OneOf(ByteSet.Of("ab"));
        Assert.Throws<BudgetExceededException>(() => Language.Concat(
            [bytes.Star(Free), Language.Literal("a"), bytes.Repeat(60, 60, Free)], Budget.ForProof()));
        Assert.Throws<BudgetExceededException>(() => bytes.Repeat(0, 10_000_000, Budget.ForPattern()));
    }

    private static IEnumerable<string> WordsUpTo(int longest)
    {
        IEnumerable<string> level = [""];
        for (var i = 0; i <= longest; i++)
        {
            foreach (var word in level)
            {
                yield return word;
            }

            level = [.. level.SelectMany(w => "ab".Select(c => w + c))];
        }
    }

    private static Gen<Expression> Expressions(int depth)
    {
        var leaf = Gen.OneOf(
            new Expression("{}", () => (Language.Empty, [])),
            new Expression("e", () => (Language.Epsilon, [""])),
            new Expression("a", () => (Language.Literal("a"), ["a"])),
            new Expression("[ab]", () => (Language.OneOf(ByteSet.Of("ab")), ["a", "b"])),
            new Expression("ab", () => (Language.Literal("ab"), ["ab"])));
        if (depth == 0)
        {
            return leaf;
        }

        var smaller = Expressions(depth - 1);
        return Gen.Select(Gen.Int[0, 7], smaller, smaller).Select((operation, x, y) => operation switch
        {
            0 => x,
            1 => new Expression($"({x.Text}|{y.Text})",
                () => (x.Value.Language.Union(y.Value.Language, Free), [.. x.Value.Words.Union(y.Value.Words)])),
            2 => new Expression($"({x.Text}&{y.Text})",
                () => (x.Value.Language.Intersect(y.Value.Language, Free),
                [.. x.Value.Words.Intersect(y.Value.Words)])),
            3 => new Expression($"({x.Text}-{y.Text})",
                () => (x.Value.Language.Except(y.Value.Language, Free), [.. x.Value.Words.Except(y.Value.Words)])),
            4 => new Expression($"~{x.Text}",
                () => (Within(x.Value.Language.Complement()), [.. Words.Except(x.Value.Words)])),
            5 => new Expression($"{x.Text}*", () => (x.Value.Language.Star(Free), Star(x.Value.Words))),
            6 => new Expression($"{x.Text}{{1,2}}",
                () => (x.Value.Language.Repeat(1, 2, Free),
                [.. x.Value.Words.Union(Product(x.Value.Words, x.Value.Words))])),
            _ => new Expression($"{x.Text}{y.Text}",
                () => (x.Value.Language.Then(y.Value.Language, Free), Product(x.Value.Words, y.Value.Words))),
        });
    }

    private static Language Within(Language language) =>
        language.Intersect(Language.OneOf(ByteSet.Of("ab")).Star(Free), Free);

    private static HashSet<string> Product(HashSet<string> x, HashSet<string> y) =>
        [.. x.SelectMany(a => y.Select(b => a + b)).Where(w => w.Length <= Longest)];

    private static HashSet<string> Star(HashSet<string> words)
    {
        HashSet<string> all = [""];
        for (var before = 0; before != all.Count;)
        {
            before = all.Count;
            all.UnionWith(Product(all, words));
        }

        return all;
    }

    /// <summary>A language made by our operations, and the words of up to five letters that it should hold.</summary>
    private sealed class Expression(string text, Func<(Language Language, HashSet<string> Words)> make)
    {
        private readonly Lazy<(Language Language, HashSet<string> Words)> _value = new(make);

        public string Text => text;

        public (Language Language, HashSet<string> Words) Value => _value.Value;

        public override string ToString() => text;
    }
}
