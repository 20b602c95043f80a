using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Entities.Tests.Reading;

/// <summary>A personal route that was meant as a pattern and is taken letter by letter protects nothing.</summary>
public sealed class LiteralPathTests
{
    [Theory]
    [InlineData("path", "/users/*/orders", "template: '/users/{any}/orders'")]
    [InlineData("path", "/users/{id}/orders", "template: '/users/{id}/orders'")]
    [InlineData("path", "/users/:id/orders", "template: '/users/{id}/orders'")]
    [InlineData("path", "/users/<int:id>/orders", "template: '/users/{id}/orders'")]
    [InlineData("path", "/users/<id>", "template: '/users/{id}'")]
    [InlineData("path", "/users/[id]/orders", "template: '/users/{id}/orders'")]
    [InlineData("pathPrefix", "/users/{id}/orders", "regex: '^/users/[^/]+/orders(/|$)'")]
    [InlineData("pathPrefix", "/my*", "regex: '^/my'")]
    [InlineData("path", "/my*", "regex: '^/my'")]
    [InlineData("path", "/mypage/*", "pathPrefix: /mypage")]
    [InlineData("pathPrefix", "/mypage/**", "pathPrefix: /mypage")]
    [InlineData("path", "/**/orders", "regex:")]
    [InlineData("path", "/*", "pathPrefix: /")]
    [InlineData("path", "/fund/[0-9]+/purchase$", "regex: '^/fund/[0-9]+/purchase$'")]
    [InlineData("pathPrefix", "/(my|your)page", "regex: '^/(my|your)page'")]
    [InlineData("path", "/my.*", "regex: '^/my.*$'")]
    [InlineData("path", "/my.+", "regex: '^/my.+$'")]
    [InlineData("path", "/mypage\\d", "regex: '^/mypage\\d$'")]
    [InlineData("path", "/^mypage", "regex:")]
    [InlineData("template", "/users/:id/{order}", "template: '/users/{id}/{order}'")]
    [InlineData("template", "/users/*", "pathPrefix: /users")]
    public void A_path_that_was_meant_as_a_pattern_is_refused_with_the_pattern(string form, string text, string meant)
    {
        var found = Assert.Single(Read(form, text), d => d.Severity == Severity.Error);

        Assert.Equal((LiteralPath.Code, $"spec.routes[0].{form}"), (found.Code, found.Path));
        Assert.Contains(meant, found.Help, StringComparison.Ordinal);
        Assert.Contains("letter by letter", found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path", "/c++/faq")]
    [InlineData("path", "/v1/users:batch")]
    [InlineData("pathPrefix", "/~alice/a_b-c.d@e,f=g")]
    [InlineData("template", "/users/{id}/orders/{order}.json")]
    [InlineData("regex", "^/users/[^/]+/orders$")]
    public void A_path_of_letters_that_requests_have_is_taken(string form, string text) =>
        Assert.Empty(Read(form, text));

    [Theory]
    [InlineData("path", "/mypаge", "U+0430, Cyrillic", "/myp%D0%B0ge")]
    [InlineData("pathPrefix", "/οrders", "U+03BF, Greek", "/%CE%BFrders")]
    [InlineData("template", "/users/{id}/bücher", "U+00FC", "/users/{id}/b%C3%BCcher")]
    [InlineData("regex", "^/mypаge", "U+0430", "^/myp%D0%B0ge")]
    public void A_letter_that_only_looks_like_another_is_warned_of(
        string form, string text, string letter, string encoded)
    {
        var found = Assert.Single(Read(form, text));

        Assert.Equal(("route/not-ascii", Severity.Warning), (found.Code, found.Severity));
        Assert.Contains(letter, found.Message, StringComparison.Ordinal);
        Assert.Contains(encoded, found.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void A_letter_of_a_host_that_only_looks_like_another_is_named()
    {
        var found = Assert.Single(
            PersonalRoutesReader.Read(Document("www.exаmple.com", "path", "/a"),
            NoConfigMaps.Instance).Diagnostics.Items);

        Assert.Equal(("host/invalid", "spec.hosts[0]"), (found.Code, found.Path));
        Assert.Contains("U+0430, Cyrillic", found.Message, StringComparison.Ordinal);
        Assert.Contains("xn--", found.Help, StringComparison.Ordinal);
    }

    private static Diagnostic[] Read(string form, string text) =>
        [.. PersonalRoutesReader.Read(Document("www.example.com", form, text),
            NoConfigMaps.Instance).Diagnostics.Items];

    private static Document Document(string host, string form, string text) => Written.Document($$"""
        apiVersion: cachepolicy.dev/v1alpha1
        kind: PersonalRoutes
        metadata: {name: privacy, namespace: web}
        spec:
          hosts: ['{{host}}']
          routes: [{ {{form}}: '{{text}}' }]
        """);
}
