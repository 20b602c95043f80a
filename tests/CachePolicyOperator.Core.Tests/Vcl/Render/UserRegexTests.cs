using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Vcl.Render;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

public sealed class UserRegexTests
{
    [Theory]
    [InlineData("^/a$")]
    [InlineData("^/(a|b)/[0-9]+$")]
    [InlineData("^/(?:a)[^/]{1,3}\\.html$")]
    [InlineData("a|b")]
    [InlineData("^/[a-z)(]+\\d\\)$")]
    public void A_plain_pattern_may_be_an_alternative(string pattern) => Assert.True(UserRegex.IsPlain(pattern));

    [Theory]
    [InlineData("a)|(b")]
    [InlineData("(a")]
    [InlineData("[a")]
    [InlineData("[]a]")]
    [InlineData("[[:alpha:]]")]
    [InlineData("(?i)a")]
    [InlineData("(?x) a # b")]
    [InlineData("(a)\\1")]
    [InlineData("\\Qa")]
    [InlineData("(*UTF)a")]
    [InlineData("a\\")]
    [InlineData("(?=a)")]
    [InlineData("[\\Q]")]
    public void Any_other_stays_alone(string pattern) => Assert.False(UserRegex.IsPlain(pattern));

    [Fact]
    public void Joining_changes_nothing_about_what_matches()
    {
        var pattern = Some.Of("a", "b", "(", ")", "|", "[", "]", "^", "$", "\\", "?", ":", "*", "/", "i", "Q",
            ".").Array[0, 5].Select(parts => string.Concat(parts));
        var path = Some.Of("a", "b", "/", "i", ".", "(", "]").Array[0, 6].Select(p => "/" + string.Concat(p));
        Gen.Select(pattern.Where(IsRegex).Array[1, 4], path).Sample(sample =>
        {
            var (patterns, text) = sample;
            var joined = UserRegex.Join(patterns).Any(r => Regex.IsMatch(text, r));
            return joined == patterns.Any(r => Regex.IsMatch(text, r));
        }, iter: 20_000);
    }

    private static bool IsRegex(string pattern)
    {
        try
        {
            _ = new Regex(pattern);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
