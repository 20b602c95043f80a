using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Tests.Verification.Values;

/// <summary>
/// What is taken for a rewrite of the query leaves every path alone, and what is taken to look at the path looks
/// nowhere else.
/// </summary>
public sealed class PathBeforeQueryTests
{
    private const string Alphabet = "/ab&=?";

    private static readonly string[] Patterns =
    [
        @"\?.*$", @"\?.*", @"\?$", "&$", "&a=[ab]*", @"\?a=[ab]*&?", @"(\?|&)a=[ab]*", @"[?&]a", "a=b", "^/a", "/b$",
            "(a|b)&?", @"\?a?", "a*",
        @"(\?)a=[^&]*&", "[^/?]*$", "&+", @"\?&+", "/a?$", @"([?&])a=[ab]*(&|$)",
    ];

    private static readonly string[] Replacements = ["", "?", "/", "b", @"\1", "?b&", "&"];

    [Fact]
    public void A_path_of_kept_bytes_is_kept_whatever_the_query()
    {
        var machines =
            from pattern in Patterns
            from replacement in Replacements
            from all in new[] { false, true }
            select (pattern, replacement, all,
                Machine: SubstitutionTransducer.Of(pattern, replacement, all, Budget.ForPattern()));
        var keeping = 0;
        var random = new Random(1);
        foreach (var (pattern, replacement, all, machine) in machines)
        {
            if (machine is null || PathBeforeQuery.KeptBy(machine) is not { } kept || !kept.Contains((byte)'/'))
            {
                continue;
            }

            keeping++;
            for (var i = 0; i < 60; i++)
            {
                var path = Any(random, 5, b => kept.Contains((byte)b));
                var text = random.Next(4) == 0 ? path : $"{path}?{Any(random, 6, _ => true)}";
                foreach (var made in Language.Literal(text).Image(machine, Budget.ForPattern()).Samples(3)
                    .Select(Encoding.Latin1.GetString))
                {
                    Assert.True(PathOf(made) == path,
                        $"{(all ? "regsuball" : "regsub")} `{pattern}` by `{replacement}` makes `{made}` of `{text}`");
                }
            }
        }

        Assert.True(keeping > 40, $"{keeping} keep paths");
    }

    [Fact]
    public void Texts_share_a_path_exactly_where_two_of_them_do()
    {
        string[] patterns =
            ["^/a", @"^/a(\?.*)?$", @"^/[ab]\?", "^/b/?$", @"\?a$", "^/$", @"^[^?]*$", @"^/a*b(\?|$)", "a", @"^/b\?b"];
        var texts = new List<string> { string.Empty };
        for (var i = 0; i < texts.Count && texts[i].Length < 4; i++)
        {
            texts.AddRange("/ab?".Select(c => texts[i] + c));
        }

        var languages = patterns.Select(p => RegexLanguage.Of(p, Budget.ForPattern()).May).ToArray();
        foreach (var (one, i) in languages.Select((l, i) => (l, i)))
        {
            foreach (var (other, j) in languages.Select((l, j) => (l, j)))
            {
                var shared = texts.Where(t => one.Accepts(t)).Select(PathOf)
                    .Intersect(texts.Where(t => other.Accepts(t)).Select(PathOf)).Any();
                Assert.True(PathBeforeQuery.MayBeShared(one, other) == shared, $"`{patterns[i]}` and `{patterns[j]}`");
            }
        }
    }

    [Theory]
    [InlineData(@"\?.*$", "", true, "/ab&")]
    [InlineData("&utm=[a-z]*", "", true, "/ab")]
    [InlineData(@"\?utm=[a-z]*&?", "?", true, "/ab&")]
    [InlineData(@"\?$", "", false, "/ab&")]
    [InlineData(@"(\?)utm=[a-z]*&", @"\1", true, "/ab&")]
    public void A_rewrite_of_the_query_is_known_as_one(string pattern, string replacement, bool all, string path)
    {
        var kept = PathBeforeQuery.KeptBy(SubstitutionTransducer.Of(pattern, replacement, all, Budget.ForPattern())!);

        Assert.True((ByteSet.Of(path) - kept!.Value).IsEmpty);
    }

    [Theory]
    [InlineData(@"(\?|&)utm=[a-z]*", "", "what follows an ampersand becomes part of the path")]
    [InlineData(@"\?utm=[a-z]*&", "", "what follows the ampersand becomes part of the path")]
    [InlineData("$", "/", "something is written behind the path")]
    [InlineData("^", "/a", "something is written before the path")]
    public void A_rewrite_that_may_end_in_the_path_is_none_of_the_query(
        string pattern, string replacement, string why) =>
        Assert.True(
            PathBeforeQuery.KeptBy(SubstitutionTransducer.Of(pattern, replacement, true, Budget.ForPattern())!) is null,
            why);

    [Fact]
    public void A_line_feed_at_the_end_of_the_query_is_no_text_that_is_judged()
    {
        var query = RegexLanguage.Of(@"\A/a(\?\n?)?\z", Budget.ForPattern()).May;

        Assert.False(PathBeforeQuery.IsOf(ByteSet.Of("/a"), query));
        Assert.True(
            PathBeforeQuery.IsOf(ByteSet.Of("/a"), RegexLanguage.Of(@"\A/a(\?a?)?\z", Budget.ForPattern()).May));
        Assert.False(
            PathBeforeQuery.IsOf(ByteSet.Of("/"), RegexLanguage.Of(@"\A/a(\?a?)?\z", Budget.ForPattern()).May));
    }

    [Fact]
    public void Words_that_the_path_decides_are_told_by_their_paths()
    {
        var random = new Random(2);
        var deciding = 0;
        string[] more = ["^/a(/|$|\\?)", "^/a([/?]|$)", "^/(a|b)", "^/a$", "^[^?]*b", "^/a/[^?]*(\\?.*)?$", "^[^?]*$"];
        foreach (var pattern in Patterns.Concat(more))
        {
            var words = RegexLanguage.Of(pattern, Budget.ForPattern()).May;
            if (!PathBeforeQuery.Decides(words))
            {
                continue;
            }

            deciding++;
            for (var i = 0; i < 200; i++)
            {
                var path = Any(random, 4, _ => true);
                var text = $"{path}?{Any(random, 4, _ => true)}";
                Assert.True(words.Accepts(path) == words.Accepts(text), $"`{pattern}` on `{path}` and `{text}`");
            }
        }

        Assert.True(deciding > 4, $"{deciding} are decided by the path");
    }

    private static string Any(Random random, int length, Func<char, bool> may)
    {
        char[] letters = [.. Alphabet.Where(c => c != '?' && may(c))];
        return string.Concat(Enumerable.Range(0, random.Next(length + 1))
            .Select(_ => letters[random.Next(letters.Length)]));
    }

    private static string PathOf(string text) => text.Split('?', 2)[0];
}
