using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using Pattern = System.Text.RegularExpressions.Regex;

namespace CachePolicyOperator.Core.Tests.Routes.Regex;

/// <summary>
/// The machine of a substitution makes of every text what a backtracking matcher makes of it, and nothing else.
/// </summary>
public sealed class SubstitutionTransducerTests
{
    private static readonly string[] Texts =
    [
        "", "/", "/a?b=c", "/p?gclid=1&x=2&utm_source=q", "/custgclid=1&omer/account/?gclid=1", "?&", "x?&", "aab",
            "abab", "baaac",
        "www.example", "a=1; __utma=3; b=2", "__utma=3; session=1", "; x", " ;session=3; lang=x;session",
            "GZIP, deflate", "bab", "aaaa",
    ];

    [Theory]
    [InlineData(@"\?.*$", "")]
    [InlineData(@"^([^?]*)\?.*", @"\1")]
    [InlineData("(gclid|cx|ie|utm_[a-z]+)=[-_A-z0-9+()%.]+&?", "")]
    [InlineData("[?|&]+$", "")]
    [InlineData("(^|; )(__utm[a-z]+|has_js)=[^;]*", "")]
    [InlineData(@"^;\s*", "")]
    [InlineData("a*", "x")]
    [InlineData("^", "x")]
    [InlineData("$", "x")]
    [InlineData("a*?b", @"<\0>")]
    [InlineData("a|ab", "x")]
    [InlineData("ab|a", "x")]
    [InlineData("(a|ab)(b|)", @"[\2]")]
    [InlineData("a?(ab)?", "-")]
    [InlineData("a{1,2}", @"\\\0")]
    [InlineData("(?U)a+", "y")]
    [InlineData(@"^(www\.)?([a-z]+)", @"\2")]
    [InlineData("(?i)gzip.*", "gzip")]
    [InlineData("; *(session|lang)=", @"; \1=")]
    [InlineData("b", @"\7\")]
    public void Each_text_becomes_what_the_matcher_makes_of_it(string pattern, string replacement)
    {
        foreach (var all in new[] { false, true })
        {
            var machine = SubstitutionTransducer.Of(pattern, replacement, all, Budget.ForPattern())!;
            foreach (var text in Texts)
            {
                var made = Language.Literal(text).Image(machine, Budget.ForPattern()).Samples(2)
                    .Select(Encoding.Latin1.GetString);
                Assert.Equal([Substitute(pattern, text, replacement, all)], made);
            }
        }
    }

    [Theory]
    [InlineData("(?=a)b", "")]
    [InlineData("(a)(b)", @"\2\1")]
    [InlineData("(?:(a)|b)*", @"\1")]
    [InlineData("((a)b)", @"\1\2")]
    [InlineData("(a*)*b", "")]
    [InlineData(@"a\Kb", "")]
    [InlineData(@"\Ga", "")]
    [InlineData("(?:a|)[ab]*a.", "")]
    public void What_it_cannot_follow_exactly_it_refuses(string pattern, string replacement) =>
        Assert.Null(SubstitutionTransducer.Of(pattern, replacement, all: true, Budget.ForPattern()));

    [Fact]
    public void Random_patterns_agree_with_the_matcher()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var pattern = RandomPattern(random, 3);
            var machine = SubstitutionTransducer.Of(pattern, @"<\0>", all: false, Budget.ForPattern());
            for (var i = 0; machine is not null && i < 10; i++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => "abc"[random.Next(3)]));
                var made = Language.Literal(text).Image(machine, Budget.ForPattern()).Samples(2)
                    .Select(Encoding.Latin1.GetString);
                Assert.True(made.SequenceEqual([Substitute(pattern, text, @"<\0>", false)]),
                    $"`{pattern}` on `{text}` makes `{string.Join("` or `", made)}`");
            }
        }
    }

    private static string RandomPattern(Random random, int depth) =>
        depth == 0 ? "abc"[random.Next(3)].ToString() : random.Next(7) switch
        {
            0 => $"(?:{RandomPattern(random, depth - 1)}|{RandomPattern(random, depth - 1)})",
            1 or 2 => RandomPattern(random, depth - 1) + RandomPattern(random, depth - 1),
            3 => $"(?:{RandomPattern(random, depth - 1)}){"*+?"[random.Next(3)]}",
            4 => $"(?:{RandomPattern(random, depth - 1)}){"*+?"[random.Next(3)]}?",
            5 => $"[^{"abc"[random.Next(3)]}]",
            _ => RandomPattern(random, depth - 1),
        };

    // VRE_sub of Varnish: after the first match an empty one does not count.
    private static string Substitute(string pattern, string text, string replacement, bool all)
    {
        var dotnet = pattern.Replace("(?U)a+", "a+?", StringComparison.Ordinal)
            .Replace("$", "\\z", StringComparison.Ordinal);
        var match = Pattern.Match(text, dotnet);
        var made = new StringBuilder();
        var offset = 0;
        while (match.Success)
        {
            made.Append(text, offset, match.Index - offset);
            for (var i = 0; i < replacement.Length; i++)
            {
                var escaped = replacement[i] == '\\' && i + 1 < replacement.Length;
                i += escaped ? 1 : 0;
                _ = escaped && char.IsAsciiDigit(replacement[i])
                    ? made.Append(match.Groups[replacement[i] - '0'].Value)
                    : made.Append(replacement[i]);
            }

            offset = match.Index + match.Length;
            match = all ? NotEmpty(dotnet, text, offset) : System.Text.RegularExpressions.Match.Empty;
        }

        return made.Append(text, offset, text.Length - offset).ToString();
    }

    private static System.Text.RegularExpressions.Match NotEmpty(string pattern, string text, int offset)
    {
        // A look-behind as long as the place plus one byte: the match cannot be empty there.
        for (var at = offset; at <= text.Length; at++)
        {
            var match = new Pattern($@"\G(?:{pattern})(?<=[\s\S]{{{at + 1}}})").Match(text, at);
            if (match.Success && match.Length > 0)
            {
                return match;
            }
        }

        return System.Text.RegularExpressions.Match.Empty;
    }
}
