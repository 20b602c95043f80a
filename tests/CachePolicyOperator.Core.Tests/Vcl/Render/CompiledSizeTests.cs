using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Tests.Routes.Regex;
using CachePolicyOperator.Core.Vcl.Render;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

public sealed class CompiledSizeTests
{
    private static readonly Gen<string> Piece = Some.Of(
        "a", "/list", "[a-z]", "[aA]", "[^/]+", ".", ".*", "\\d", "\\d+", "\\.", "a?", "b{2,7}", "[x-z]{3}", "(c|d)",
            "(?:e)", "(?:f|gh|i)?", "(j(k)?)*", "(?:l|m){2,4}",
        "(?:n[0-9]){0,3}", "(o+p)+", "((?:q))", "(?:r|s|)", "(?:[a-f]{2}/){1,9}", "t++", "u*?", "(?=v)", "(?<!w)",
            "(?>x|y)", "$", "\\b");

    [Fact]
    public void No_pattern_becomes_larger_than_is_said() => Piece.Array[0, 12].Select(string.Concat).Sample(pattern =>
        CompiledSize.Of(pattern) >= Pcre2.SizeOf(pattern) - Pcre2.SizeOf(""), iter: 3_000);

    [Fact]
    public void Routes_fill_a_pattern_well()
    {
        var regexes = PathConditions.Of(Enumerable.Range(0, 10_000)
            .Select(i => new ExactPath($"/section-{i % 37}/{i * 7919L % 999_983:x}/product-{i}")), RouteTails.OfRules);

        Assert.InRange(regexes.Count, 1, 40);
        Assert.All(regexes, regex => Assert.InRange(Pcre2.SizeOf(regex), 1, 65_535));
    }
}
