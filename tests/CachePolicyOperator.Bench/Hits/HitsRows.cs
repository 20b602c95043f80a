using CachePolicyOperator.Bench.Routes;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Bench.Hits;

/// <summary>What is served side by side, with the goals of the project.</summary>
internal static class HitsRows
{
    public const string Prefix = "hits";

    private const int Routes = 1_000;
    private const int Personal = 100;

    private static readonly PersonalRoute[] FewPersonal =
    [
        new(new PathPrefix("/mypage"), "spec.personal.routes[0]"),
            new(new PathTemplate("/users/{id}/orders"), "spec.personal.routes[1]"),
    ];

    public static IReadOnlyList<HitsRow> All { get; } =
    [
        new($"{Prefix}/one-page", "a policy of two rules, against three lines of VCL that cache everything", 0.90,
            ["/news/1"], Plain, port => Render(Site(), port)),
        new($"{Prefix}/1000-routes", "a thousand rules, hits spread over all of them, against one rule for everything",
            0.97,
            [.. Catalogue.Cacheable.Take(Routes).Select(PathOf)],
            port => Render(Catalogue.AsPolicies("strict", [new PathPrefix("/")], Catalogue.Personal.Take(Personal)),
                port),
            port => Render(
                Catalogue.AsPolicies("strict", Catalogue.Cacheable.Take(Routes), Catalogue.Personal.Take(Personal)),
                port)),
    ];

    private static string Plain(int port) => VarnishInstance.Backend(port) +
        """
        sub vcl_recv { return (hash); }
        sub vcl_backend_response { set beresp.ttl = 1h; }
        """;

    private static string Render(PolicySet policies, int port) =>
        VclRenderer.Render(policies, new RenderTarget("127.0.0.1", port, Engine.Version));

    private static PolicySet Site()
    {
        var pages =
            new Caching(Duration.FromSeconds(3600), null, Duration.FromSeconds(300), new CacheKey(QueryKey.Whole, []));
        var assets = pages with { Identity = IdentityTreatment.Ignore, Key = new CacheKey(QueryKey.Only(["v"]), []) };
        var shop = Catalogue.AsPolicies("go", [], []).Policy;
        return PolicySet.Bind(
            shop with
            {
                Personal = shop.Personal with { Routes = FewPersonal.ToEquatableList() },
                Rules =
                [
                    new Rule("news", new RouteMatch(new PathPrefix("/news"), []), pages, "spec.rules[0]"),
                    new Rule("assets", new RouteMatch(new PathPrefix("/static"), ["css", "js", "png"]), assets,
                        "spec.rules[1]"),
                ],
            },
            []);
    }

    private static string PathOf(RoutePattern route) => route switch
    {
        ExactPath exact => exact.Path,
        PathPrefix prefix => prefix.Prefix + "/all",
        PathTemplate template => template.Template.Replace("{id}", "7", StringComparison.Ordinal),
        PathRegex regex => regex.Pattern[1..regex.Pattern.IndexOf('[', StringComparison.Ordinal)] + "7",
        _ => throw new ArgumentException($"no path of {route} is known", nameof(route)),
    };
}
