using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

public sealed class NewlyCacheableTests
{
    private static readonly TargetSet Nothing = new(null, [], null);

    [Fact]
    public void What_surely_was_not_cacheable_before_is_a_warning_with_examples()
    {
        var comparison = new VclComparison(
            [
                new CacheableChange(RequestClass.Anonymous, Nothing,
                    Nothing) { New = new TargetSet("/a|/b", ["/a", "/b"], null) },
                new CacheableChange(RequestClass.WithCookie, new TargetSet(null, ["/c"], "a vmod"), Nothing),
                new CacheableChange(RequestClass.WithAuthorization, Nothing, new TargetSet(null, ["/d"], null)),
            ],
            []);

        Assert.Equal(
            ["anonymous requests become cacheable that were not, for example GET /a, GET /b"],
            NewlyCacheable.Warnings(comparison).Select(w => w.Message));
        Assert.All(NewlyCacheable.Warnings(comparison),
            w => Assert.Equal((NewlyCacheable.Code, Severity.Warning), (w.Code, w.Severity)));
    }

    [Fact]
    public void What_could_not_be_compared_is_told()
    {
        var problem = Diagnostic.Error("vcl/too-complex", "after.vcl", "it has too many conditions");

        var warning = Assert.Single(NewlyCacheable.Warnings(new VclComparison([], [problem])));

        Assert.Contains("could not be told: it has too many conditions", warning.Message, StringComparison.Ordinal);
    }
}
