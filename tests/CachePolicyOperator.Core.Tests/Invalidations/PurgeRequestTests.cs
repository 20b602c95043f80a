using CachePolicyOperator.Core.Invalidations;

namespace CachePolicyOperator.Core.Tests.Invalidations;

/// <summary>Which pages the requests of plugins mean, and which of them are refused.</summary>
public sealed class PurgeRequestTests
{
    private const string Host = "www.example.com";

    [Theory]
    [InlineData("/news/1/", "/news/1/")]
    [InlineData("/news/1?page=2", "/news/1")]
    [InlineData("/%e3%81%82/", "/%e3%81%82/")]
    public void A_target_is_the_page_of_its_path_on_the_host(string target, string path) =>
        Assert.Equal(new StoredPages([Host], [path], [], []), Read(target, ("X-Purge-Method", "default")).Pages);

    [Theory]
    [InlineData("/.*", "regex", null)]
    [InlineData("/.*", null, null)]
    [InlineData("/blog/.*", "regex", "/blog")]
    public void A_star_at_the_end_is_all_below_the_path(string target, string? method, string? prefix) =>
        Assert.Equal(
            new StoredPages([Host], [], prefix is null ? [] : [prefix], []),
            Read(target, ("X-Purge-Method", method)).Pages);

    [Theory]
    [InlineData("X-Magento-Tags-Pattern", "((^|,)cat_p_1(,|$))|((^|,)cat_c_2(,|$))", "cat_p_1 cat_c_2")]
    [InlineData("X-Magento-Tags-Pattern", "((^|,)cat_p(,|$))", "cat_p")]
    [InlineData("X-Cache-Tags", "(^|,)(post-1|home)(,|$)", "post-1 home")]
    [InlineData("X-Cache-Tags-Pattern", "site-1|p-17|a-2", "site-1 p-17 a-2")]
    [InlineData("xkey", "product-1 product-2", "product-1 product-2")]
    [InlineData("Surrogate-Key", "a, b,a", "a b")]
    public void Tags_are_meant_on_every_host_and_the_path_is_not(string field, string value, string tags) =>
        Assert.Equal(
            new StoredPages([], [], [], tags.Split(' ').ToEquatableList()),
            Read("/", (field, value), ("X-Purge-Method", "tags")).Pages);

    [Fact]
    public void Every_tag_of_several_fields_is_meant() => Assert.Equal(
        new StoredPages([], [], [], ["a", "b"]), Read("/", ("Surrogate-Key", "a"), ("xkey", "b")).Pages);

    [Fact]
    public void A_pattern_of_every_tag_is_everything() =>
        Assert.Equal(new StoredPages([], [], [], []), Read("/", ("X-Magento-Tags-Pattern", ".*")).Pages);

    [Theory]
    [InlineData("/news", "regex")]
    [InlineData("/news.*", "regex")]
    [InlineData("/a/.*/b", null)]
    [InlineData("http://www.example.com/", null)]
    [InlineData("*", null)]
    public void What_is_no_path_and_no_path_with_all_below_is_refused(string target, string? method) =>
        AssertRefused(Read(target, ("X-Purge-Method", method)));

    [Theory]
    [InlineData("X-Magento-Tags-Pattern", "((^|,)cat_p_1")]
    [InlineData("X-Magento-Tags-Pattern", "cat_p_[0-9]+")]
    [InlineData("X-Magento-Tags-Pattern", "^.*$")]
    [InlineData("X-Cache-Tags", "(^|,)(a|b)")]
    [InlineData("Surrogate-Key", "a|")]
    [InlineData("Surrogate-Key", ".*")]
    [InlineData("X-Cache-Tags-Pattern", ".*")]
    public void A_pattern_of_another_form_is_refused_and_not_taken_for_a_tag(string field, string value) =>
        AssertRefused(Read("/", (field, value)));

    [Fact]
    public void Everything_beside_a_tag_is_refused() =>
        AssertRefused(Read("/", ("X-Magento-Tags-Pattern", ".*"), ("xkey", "a")));

    private static void AssertRefused(PurgeRequest request)
    {
        Assert.Null(request.Pages);
        Assert.NotNull(request.Problem);
    }

    private static PurgeRequest Read(string target, params (string Name, string? Value)[] fields) =>
        PurgeRequest.Read(Host, target, name => fields.FirstOrDefault(f => f.Name == name).Value);
}
