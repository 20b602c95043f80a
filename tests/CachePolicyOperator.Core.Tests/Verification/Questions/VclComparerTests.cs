using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

public sealed class VclComparerTests
{
    private const string Head = "vcl 4.1;\nimport std;\nbackend default { .host = \"192.0.2.1\"; }\n";

    [Fact]
    public void What_the_old_VCL_only_may_have_cached_counts_as_new()
    {
        // The pattern is not regular: whether the old VCL cached a target is not known.
        var old = Head + """sub vcl_recv { if (req.url ~ "^/(a+)-\1$") { return (hash); } return (pass); }""";
        var next = Head + """sub vcl_recv { if (req.url ~ "^/a+-a+$") { return (hash); } return (pass); }""";

        var change = Compare(old, next).Changes.Items.Single(c => c.Class == RequestClass.Anonymous);

        Assert.False(change.Appeared.IsEmpty);
        Assert.NotNull(change.Appeared.Doubt);
    }

    [Fact]
    public void What_both_only_may_cache_is_nothing_that_surely_is_new()
    {
        var old = Head
            + """sub vcl_recv { if (req.url ~ "^/(a+)-\1$" || req.url ~ "^/b$") { return (hash); } return (pass); }""";
        var next = Head
            + """sub vcl_recv { if (req.url ~ "^/(a+)-\1$" || req.url ~ "^/c$") { return (hash); } return (pass); }""";

        var change = Compare(old, next).Changes.Items.Single(c => c.Class == RequestClass.Anonymous);

        Assert.True(change.Appeared.Examples.Count > 1);
        Assert.Equal("/c", Assert.Single(change.New.Examples.Items));
    }

    /// <summary>
    /// Of a rendered text it says nothing in which order the parameters of a query come; of an edited one it may.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_copy_of_rendered_text_that_may_be_edited_is_compared_in_every_spelling(bool mayBeEdited)
    {
        const string Rendered = "vcl 4.1;\n\n# Rendered from CachePolicy web/shop.\nimport std;\n"
            + "backend default { .host = \"192.0.2.1\"; }\nsub vcl_recv { set req.http.As-Asked = req.url; "
            + "set req.url = std.querysort(req.url); ";
        const string Edit =
            "if (req.http.As-Asked == \"/x?b=1&a=2\" && req.url == \"/x?a=2&b=1\") { return (hash); } ";

        var found = VclComparer.Compare(
            VclParser.Parse("old.vcl", $"{Rendered}return (pass); }}"),
            VclParser.Parse("new.vcl", $"{Rendered}{Edit}return (pass); }}"), new EngineVersion(7, 1),
            mayBeEdited: mayBeEdited);

        Assert.Empty(found.Problems.Items);
        Assert.Equal(mayBeEdited, found.Changes.Items.Any(c => !c.Appeared.IsEmpty));
    }

    [Fact]
    public void An_answer_that_is_never_stored_is_not_cacheable()
    {
        var old = Head
            + "sub vcl_recv { return (hash); } sub vcl_backend_response { set beresp.uncacheable = true; return "
            + "(deliver); }";
        var next = Head + "sub vcl_recv { return (hash); }";

        Assert.Equal(Enum.GetValues<RequestClass>(),
            Compare(old, next).Changes.Items.Where(c => !c.Appeared.IsEmpty).Select(c => c.Class));
        Assert.All(Compare(next, old).Changes, c => Assert.True(c.Appeared.IsEmpty));
    }

    private static VclComparison Compare(string old, string next) =>
        VclComparer.Compare(VclParser.Parse("old.vcl", old), VclParser.Parse("new.vcl", next), new EngineVersion(7, 1));
}
