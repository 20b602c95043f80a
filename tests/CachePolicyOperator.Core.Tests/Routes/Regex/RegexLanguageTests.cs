using System.Text;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Routes.Regex;

/// <summary>PCRE2 itself says what a pattern matches.</summary>
public sealed class RegexLanguageTests
{
    private static readonly Gen<byte[]> Subject =
        Gen.OneOf("a", "b", "aa", "ab", "A", "B", "/", "_", "-", " ", "\n", "]", "1", "é", "\r", ".").Array[0, 8]
            .Select(parts => Encoding.Latin1.GetBytes(string.Concat(parts)));

    [Theory]
    [InlineData("^/my")]
    [InlineData("b$")]
    [InlineData(@"a\z|^b\Z")]
    [InlineData(@"\bab\b")]
    [InlineData(@"a\Bb|\Bb\B")]
    [InlineData("(?i)ab(?-i)b")]
    [InlineData("a(?i)b|a(?-i:B)")]
    [InlineData("(?s)a.b|b.a")]
    [InlineData("(?m)^a$")]
    [InlineData("(?m)^$|b^")]
    [InlineData("(?x) a b # comment\n | b\\ a [ ]")]
    [InlineData("[A-z]|[^a-b]1")]
    [InlineData("[]a-]b|[^]]a|[a\\]]b")]
    [InlineData(@"[[:alpha:]_][[:^digit:]]|[\w-]a|[\s\d]b")]
    [InlineData(@"\x61\x{62}|\141b|\0|\cA|[\b]")]
    [InlineData(@"\Qa.b\E+|\Q\Eb{2}|a\E*b")]
    [InlineData("a{2}b{1,2}|b{2,}a{0}|a{,|a{b|a{1")]
    [InlineData("(a|b)*?a|(?:ab){1,3}?1")]
    [InlineData("a*+b|a++a|a?+a")]
    [InlineData("(?>a|b)a|(?>ab|b_)b")]
    [InlineData("(?:ab){0,2}+a|(?:a|b)*+1")]
    [InlineData("^(?!a)b|a(?=b)b")]
    [InlineData("^(?!.*//)(?!.*a)b")]
    [InlineData("^((?!ab).)*$")]
    [InlineData("(?<=a)b|(?<!a)/|(?<=aa|b)_")]
    [InlineData(@"(?<=\A)a|(?<=^a)b|(?<!^)/")]
    [InlineData("(?=.*a)(?=.*b)1")]
    [InlineData(@"(?=a(?!b))a|(?!(?=a)).b")]
    [InlineData(@"\N\h\H|\V\S\W\D")]
    [InlineData(@"(?<n>a)(?'m'b)(?P<o>_)|(?|(a)|(b))1")]
    [InlineData("(?#comment)a(?:)|()b")]
    [InlineData("é|[é]a|é+")]
    [InlineData("a||b")]
    [InlineData(@"aa|^b1|ab$|\bA|_a|/1|1(?i)b_|bA|(?!a)-\.|(?<=a)\]|é")]
    [InlineData("^a|^aa|^ab$|^aA|^a/|^b/|^/a|^/b|^/(a|b)_|^//+|^1(/a)?$")]
    [InlineData("")]
    [InlineData(@"a\Kb")]
    [InlineData("(?:a|^)_*b|(?:^|/)_*1|(?:a)?a*b")]
    [InlineData("^(?:a|)[ab]*a.")]
    [InlineData("()++a|(?:)*+b|((?:a*){0})++_")]
    [InlineData("^(?i)[[:^upper:]]$|^(?i:b[[:^lower:]_])|^1[[:^upper:]]$")]
    public void Agrees_with_PCRE2_exactly(string pattern)
    {
        var language = RegexLanguage.Of(pattern, Budget.ForPattern());
        using var real = Pcre2.Compile(pattern)!;

        Assert.True(language.IsExact);
        Subject.Sample(s => Assert.True(language.May.Accepts(s) == real.IsMatch(s), Describe(pattern, s)), iter: 3_000,
            threads: 1);
    }

    [Theory]
    [InlineData(@"(a|b)\1")]
    [InlineData(@"(?i)(a|b)\1")]
    [InlineData(@"(?<x>a+)b\k<x>|(?P<y>_)(?P=y)")]
    [InlineData(@"(a+)(?!\1)b|(a)(?=\2)a")]
    [InlineData(@"(a*+)b?\1a")]
    [InlineData("(?>a|ab)b|(?>a?|b)+1|(?>a*)b")]
    [InlineData("(?:a|ab)*+b")]
    [InlineData("(a(?1)?b)|_(?R)?_")]
    [InlineData("(a)?(?(1)b|_)")]
    [InlineData("(?(?=a)ab|_)")]
    [InlineData(@"a\Xb")]
    [InlineData(@"\N??\R|\S*\v")]
    [InlineData("(?=a|(?i)a)")]
    [InlineData("((?m:(?=(?:a|(?i)a))(?:(?i)ab)*))")]
    [InlineData("(?:a|)[ab]*a.")]
    [InlineData("/(a_|^)/*a")]
    [InlineData("(?:a|)[ab][^a]+?b")]
    [InlineData("(?=(?<=a)b)b|(?<=a(?=b))b|(?<!a$)b")]
    [InlineData("(*UCP)a")]
    public void Is_bounded_on_both_sides_where_no_automaton_is_exact(string pattern)
    {
        var language = RegexLanguage.Of(pattern, Budget.ForPattern());
        using var real = Pcre2.Compile(pattern)!;

        Assert.False(language.IsExact);
        Subject.Sample(s => Bounds(language, real, pattern, s), iter: 3_000, threads: 1);
    }

    [Fact]
    public void Random_patterns_agree_with_PCRE2()
    {
        Gen.Select(Patterns(4), Subject.Array[30]).Sample(
            (pattern, subjects) =>
            {
                using var real = Pcre2.Compile(pattern);
                Assert.True(real is not null, pattern);
                var language = RegexLanguage.Of(pattern, Budget.ForPattern());
                foreach (var subject in subjects)
                {
                    Bounds(language, real, pattern, subject);
                }
            },
            iter: 2_000,
            threads: 1);
    }

    [Fact]
    public void A_pattern_cut_after_its_literal_beginning_is_the_pattern_as_a_whole()
    {
        var literal = Gen.OneOf("a", "b", "ab", "_", "/", @"\n", "ba_").Array[0, 3].Select(string.Concat);
        Gen.Select(literal, Patterns(3)).Sample(
            (beginning, rest) =>
            {
                var pattern = $"^{beginning}{rest}";
                var node = RegexParser.Parse(pattern);
                var whole = RegexLanguage.Of(compiler => compiler.Containing(node), Budget.ForPattern());

                Assert.True(whole == RegexLanguage.Of(pattern, Budget.ForPattern()), pattern);
            },
            iter: 5_000);
    }

    [Fact]
    public void A_pattern_that_PCRE2_would_find_too_large_is_left_undecided() =>
        Assert.Throws<BudgetExceededException>(
            () => RegexLanguage.Of($"^/{new string('a', 70_000)}", Budget.ForProof()));

    [Fact]
    public void Patterns_that_differ_in_their_beginnings_share_what_follows()
    {
        var cache = new RegexCache(Budget.ForPattern());

        Assert.Same(cache["^/list-1/[0-9]+$"].Rest, cache["^/list-2/[0-9]+$"].Rest);
        Assert.NotEqual(cache[@"^/list-1\b/"].Rest, cache[@"^/list-\b/"].Rest);
    }

    [Theory]
    [InlineData("a(b", 3)]
    [InlineData("a)b", 1)]
    [InlineData("*a", 0)]
    [InlineData("a[b", 2)]
    [InlineData("a**", 2)]
    [InlineData("^*", 2)]
    [InlineData(@"\b+", 3)]
    [InlineData("[b-a]", 4)]
    [InlineData("[[:foo:]]", 1)]
    [InlineData(@"\", 1)]
    [InlineData(@"a\y", 2)]
    [InlineData(@"(?<=a+)b", 7)]
    [InlineData(@"(a)\2", 5)]
    [InlineData("a{2,1}", 6)]
    [InlineData("a{65536}", 7)]
    [InlineData("(?z)", 3)]
    [InlineData(@"(?P<1a>b)", 7)]
    [InlineData(@"\x{100}", 7)]
    [InlineData(@"[\d-z]", 3)]
    public void What_PCRE2_refuses_is_refused_with_a_place_and_a_remedy(string pattern, int position)
    {
        Assert.Null(Pcre2.Compile(pattern));
        var error = Assert.Throws<RegexSyntaxException>(() => RegexLanguage.Of(pattern, Budget.ForPattern()));

        Assert.Equal(position, error.Position);
        Assert.NotEmpty(error.Help);
    }

    [Theory]
    [InlineData("(?--)a")]
    [InlineData("(?i--s:a)")]
    [InlineData("(?^-i)a")]
    public void Options_are_turned_off_once(string pattern)
    {
        Assert.Null(Pcre2.Compile(pattern));
        Assert.Throws<RegexSyntaxException>(() => RegexLanguage.Of(pattern, Budget.ForPattern()));
    }

    [Theory]
    [InlineData("a(?1)")]
    [InlineData("(a)(?-2)")]
    [InlineData("(a)(?+1)")]
    [InlineData("(a)(?-0)")]
    [InlineData("(a)(?+R)")]
    [InlineData(@"(a)\g<2>")]
    [InlineData(@"(a)\g<-0>")]
    [InlineData(@"(a)\g'b'")]
    [InlineData(@"(a)\g{-2}")]
    public void A_recursion_goes_into_a_group_of_the_pattern(string pattern)
    {
        Assert.Null(Pcre2.Compile(pattern));
        Assert.Throws<RegexSyntaxException>(() => RegexLanguage.Of(pattern, Budget.ForPattern()));
    }

    [Theory]
    [InlineData("a(?0)?")]
    [InlineData("(a(?-1)?)")]
    [InlineData("(?+1)(a)")]
    [InlineData(@"(?<b>a)\g<b>\g<1>\g<-1>\g'+1'(b)")]
    public void A_recursion_into_a_group_that_is_there_is_read(string pattern)
    {
        using var real = Pcre2.Compile(pattern);
        Assert.NotNull(real);

        Assert.False(RegexLanguage.Of(pattern, Budget.ForPattern()).IsExact);
    }

    [Fact]
    public void What_is_read_is_what_PCRE2_reads()
    {
        // Whatever we accept, PCRE2 accepts; what it refuses and we accept would be a pattern that breaks the rendered
        // VCL.
        Gen.OneOf("a", "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "^", "$", ".", "\\", "-", ":", "=", "!", "<",
            ">", "1", ",", "P", "Q", "E", "b", "i", "#")
            .Array[1, 9].Select(string.Concat).Sample(
            pattern =>
            {
                try
                {
                    var language = RegexLanguage.Of(pattern, Budget.ForPattern());
                    using var real = Pcre2.Compile(pattern);
                    Assert.True(real is not null, $"PCRE2 refuses `{pattern}`");
                    foreach (var subject in new[] { "", "a", "ab", "1", "b\n", "(a", "a]b{1}" })
                    {
                        Bounds(language, real, pattern, Encoding.ASCII.GetBytes(subject));
                    }
                }
                catch (RegexSyntaxException)
                {
                    // Refusing more than PCRE2 does costs a proof, never its truth.
                }
            },
            iter: 10_000,
            threads: 1);
    }

    [Theory]
    [InlineData("(a{1,1000}){1,1000}")]
    [InlineData(".*a.{40}")]
    [InlineData("(?:(?:a{100}){100}){100}")]
    [InlineData("(?=.*a.{30}b)(?=.*b.{30}a).")]
    public void A_pattern_that_explodes_stops_at_the_budget(string pattern) =>
        Assert.Throws<BudgetExceededException>(() => RegexLanguage.Of(pattern, Budget.ForPattern()));

    private static void Bounds(RegexLanguage language, Pcre2 real, string pattern, byte[] subject)
    {
        switch (real.IsMatch(subject))
        {
            case true:
                Assert.True(language.May.Accepts(subject), Describe(pattern, subject));
                break;
            case false:
                Assert.False(language.Must.Accepts(subject), Describe(pattern, subject));
                break;
        }

        if (language.IsExact && real.IsMatch(subject) is { } matches)
        {
            Assert.True(matches == language.May.Accepts(subject), Describe(pattern, subject));
        }
    }

    private static string Describe(string pattern, byte[] subject) =>
        $"`{pattern}` on `{Encoding.Latin1.GetString(subject).ReplaceLineEndings("\\n")}`";

    private static Gen<string> Patterns(int depth)
    {
        var leaf = Gen.OneOf("a", "b", ".", "[ab]", "[^a]", @"\w", @"\W", @"\b", @"\B", "^", "$", @"\z", "_", "/",
            @"\n", "(?i)a", "[^\\n]", @"\s");
        if (depth == 0)
        {
            return leaf;
        }

        var smaller = Patterns(depth - 1);
        return Gen.Select(Gen.Int[0, 13], smaller, smaller).Select((form, x, y) => form switch
        {
            0 => $"(?:{x})*",
            1 => $"(?:{x}|{y})",
            2 => $"(?:{x})?",
            3 => $"(?:{x}){{1,2}}",
            4 => $"(?={x})",
            5 => $"(?!{x})",
            6 => $"(?:{x})*+",
            7 => $"(?>{x})",
            8 => $"(?:{x})+?",
            9 => "(?<=a|b_)",
            10 => $"(?m:{x})",
            11 => "(?<!a.|b)",
            _ => $"{x}{y}",
        });
    }
}
