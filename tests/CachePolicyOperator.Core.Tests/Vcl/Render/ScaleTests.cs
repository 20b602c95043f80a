using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;

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
        var personal = Enumerable.Range(0, 1_000).Select(i => new PersonalRoute(new PathTemplate($"/users/{{id}}/p{i}"), $"spec.personal.routes[{i}]"));
        var policy = small.Policy with { Rules = rules.ToEquatableList(), Personal = small.Policy.Personal with { Routes = personal.ToEquatableList() } };

        var vcl = VclRenderer.Render(new PolicySet(policy, []), new RenderTarget("127.0.0.1", 80, "7.1"));

        Assert.InRange(vcl.Split('\n').Count(line => line.Contains(" ~ ")), 1, 120);
        await Compiler.CompileAsync(vcl);
    }

    [Fact]
    public async Task Hundreds_of_rules_that_all_do_something_else_compile()
    {
        var rules = string.Concat(Enumerable.Range(1, 200).Select(i => $"rule r{i} prefix /s{i} ttl {i}s grace 1m query v header accept-language\n"));

        await Compiler.CompileAsync(VclRenderer.Render(PolicyText.Parse($"host www.example.com\n{rules}"), new RenderTarget("127.0.0.1", 80, "7.1")));
    }

    // Paths of a large shop: a few sections, many names.
    private static string Path(int i) => $"/section-{i % 37}/{i * 7919L % 999_983:x}/product-{i}";
}
