using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

public sealed class LanguagePatternTests
{
    private static readonly Language Targets = Language.OneOf(
        ByteSet.Range(0x21, 0x7e) | ByteSet.Range(0x80, 0xff)).Star(Budget.ForPattern());

    [Theory]
    [InlineData("^/static/")]
    [InlineData("^/a$")]
    [InlineData("^/(a|b)?/c+$")]
    [InlineData(@"\.(css|js)$")]
    [InlineData(@"^/x[^/]*/y(\?.*)?$")]
    [InlineData(@"^/\[\]\^-\\$")]
    [InlineData(@"^/(ab)*(ba)*$")]
    [InlineData(@"^/[\x80-\xff]+$")]
    public void A_pattern_that_is_written_means_the_language_again(string pattern)
    {
        var language = LanguageOf(pattern);

        var written = LanguagePattern.Of(language);

        Assert.NotNull(written);
        Assert.Equal(language, LanguageOf($"^({written})$"));
    }

    [Theory]
    [InlineData("^/static/", "/static/.*")]
    [InlineData("^/a[0-9]+$", "/a[0-9]+")]
    public void A_simple_language_is_written_simply(string pattern, string written) =>
        Assert.Equal(written, LanguagePattern.Of(LanguageOf(pattern)));

    [Fact]
    public void What_nobody_could_read_is_not_written()
    {
        Assert.Null(LanguagePattern.Of(LanguageOf("^/(a|b)*a(a|b){12}$")));
        Assert.Null(LanguagePattern.Of(Language.Empty));
    }

    private static Language LanguageOf(string pattern) =>
        RegexLanguage.Of(pattern, Budget.ForPattern()).May.Intersect(Targets, Budget.ForPattern());
}
