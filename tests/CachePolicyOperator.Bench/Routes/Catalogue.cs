using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Bench.Routes;

/// <summary>
/// The routes of a large shop: thousands of pages to cache, and personal pages that lie among them and share their
/// beginnings. The two have no path in common, whatever an origin does to it.
/// </summary>
internal static class Catalogue
{
    private const int Rules = 10_000;
    private const int PersonalRoutes = 1_000;

    public static IReadOnlyList<RoutePattern> Cacheable { get; } = [
        .. Enumerable.Range(0, Rules).Select(CacheableRoute)];

    public static IReadOnlyList<RoutePattern> Personal { get; } = [
        .. Enumerable.Range(0, PersonalRoutes).Select(PersonalRoute)];

    public static PolicySet AsPolicies(string profile) => AsPolicies(profile, Cacheable, Personal);

    public static PolicySet AsPolicies(
        string profile, IEnumerable<RoutePattern> cacheable, IEnumerable<RoutePattern> personal)
    {
        var caching = new Caching(Duration.FromSeconds(3600), null, Duration.Zero, CacheKey.PathOnly);
        return new PolicySet(
            new Policy(
                new ResourceName("web", "shop"),
                [new HostName("www.example.com")],
                new Origin("shop", 8080, [profile]),
                new AdoptedWorkload("Deployment", "shop-cache"),
                [new ServiceEntrypoint("shop-entry", 80)],
                new PersonalData(
                    personal.Select((p, i) => new PersonalRoute(p, $"spec.personal.routes[{i}]")).ToEquatableList(),
                    new IdentityCarriers(["session"], [], [])),
                cacheable.Select((p, i) => new Rule($"rule-{i}", new RouteMatch(p, []), caching, $"spec.rules[{i}]"))
                    .ToEquatableList(),
                null,
                RolloutSettings.Default,
                GuardSettings.Default,
                FallbackSettings.Default,
                ReviewSettings.Default),
            []);
    }

    private static RoutePattern CacheableRoute(int i) => (i % 10) switch
    {
        < 6 => new ExactPath($"/section-{i % 37}/{Slug(i)}/product-{i}"),
        < 8 => new PathPrefix($"/brand-{i % 53}/{Slug(i)}"),
        8 => new PathTemplate($"/catalog-{i % 41}/{{id}}/offer-{i}"),
        _ => new PathRegex($"^/list-{i}/[0-9]+(/page-[0-9]+)?$"),
    };

    private static RoutePattern PersonalRoute(int i) => (i % 10) switch
    {
        < 3 => new PathPrefix($"/account/{Slug(i)}/area-{i}"),
        < 6 => new PathTemplate($"/section-{i % 37}/{{item}}/my-{i}"),
        < 8 => new ExactPath($"/member-{i % 41}/mine-{i}"),
        8 => new PathTemplate($"/catalog-{i % 41}/{{id}}/mine-{i}"),
        _ => new PathRegex($"^/user/[0-9]+/order-{i}(/|$)"),
    };

    private static string Slug(int i) => $"{i * 7919L % 999_983:x}";
}
