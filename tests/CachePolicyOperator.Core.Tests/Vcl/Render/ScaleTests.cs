using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

public sealed class ScaleTests
{
    [Fact]
    public async Task Ten_thousand_rules_and_a_thousand_personal_routes_become_a_VCL_that_varnishd_compiles()
    {
        var small = PolicyText.Parse("host www.example.com");
        var rules = Enumerable.Range(0, 10_000).Select(i => new Rule(
            $"rule-{i}",
            new RouteMatch(i % 3 == 0 ? new PathPrefix(Path(i)) : new ExactPath(Path(i)), []),
            new Caching(Duration.FromSeconds(60 * (1 + (i % 2))), null, Duration.Zero, CacheKey.PathOnly),
            $"spec.rules[{i}]"));
        var personal = Enumerable.Range(0, 1_000)
            .Select(i => new PersonalRoute(new PathTemplate($"/users/{{id}}/p{i}"), $"spec.personal.routes[{i}]"));
        var policy = small.Policy with
        {
            Rules = rules.ToEquatableList(),
            Personal = small.Policy.Personal with { Routes = personal.ToEquatableList() }
        };

        var vcl = VclRenderer.Render(new PolicySet(policy, []), new RenderTarget("127.0.0.1", 80, Engine.Version));

        Assert.InRange(vcl.Split('\n').Count(line => line.Contains(" ~ ")), 1, 120);
        await Compiler.CompileAsync(vcl);
    }

    [Theory]
    [InlineData("^/list{0}x(/[0-9]+)?$")]
    [InlineData("^/[a-z]+/{0}/[0-9a-f]{{8}}/[^/]+(?:/page[0-9]*)?$")]
    public async Task Ten_thousand_regular_expressions_become_a_VCL_that_varnishd_compiles(string form)
    {
        var rules = string.Concat(Enumerable.Range(0, 10_000)
            .Select(i => $"rule r{i} regex {string.Format(form, i)} ttl 1m\n"));

        await Compiler.CompileAsync(
            VclRenderer.Render(PolicyText.Parse($"host www.example.com\n{rules}"),
            new RenderTarget("127.0.0.1", 80, Engine.Version)));
    }

    [Fact]
    public void A_route_that_varnishd_would_not_compile_is_refused_with_its_size()
    {
        var route = "/" + new string(' ', 15_000).Replace(" ", "%C3%A9")[..16_000];
        var policies =
            PolicyText.Parse($"host www.example.com\npersonal path {route}{route}{route}\nrule all prefix / ttl 1m");

        var refused = Assert.Throws<ArgumentException>(
            () => VclRenderer.Render(policies, new RenderTarget("127.0.0.1", 80, Engine.Version)));

        Assert.Contains("varnishd takes", refused.Message);
    }

    [Fact]
    public async Task Hundreds_of_rules_that_all_do_something_else_compile()
    {
        var rules = string.Concat(Enumerable.Range(1, 200)
            .Select(i => $"rule r{i} prefix /s{i} ttl {i}s grace 1m query v header accept-language\n"));

        await Compiler.CompileAsync(
            VclRenderer.Render(PolicyText.Parse($"host www.example.com\n{rules}"),
            new RenderTarget("127.0.0.1", 80, Engine.Version)));
    }

    // Paths of a large shop: a few sections, many names.
    private static string Path(int i) => $"/section-{i % 37}/{i * 7919L % 999_983:x}/product-{i}";
}
