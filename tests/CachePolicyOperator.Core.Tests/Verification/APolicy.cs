using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Tests.Verification;

/// <summary>A policy set with good defaults, changed by what a test is about.</summary>
internal sealed record APolicy
{
    public List<PersonalRoute> Personal { get; init; } = [];

    public List<Rule> Rules { get; init; } = [];

    public string[] Profiles { get; init; } = ["strict"];

    public IdentityCarriers Identity { get; init; } = new(["session"], [], []);

    public EquatableList<PersonalRoutes> Binding { get; init; } = [];

    public VclSource? Vcl { get; init; }

    public static APolicy WithPersonal(params ReadOnlySpan<RoutePattern> patterns)
    {
        var policy = new APolicy();
        foreach (var pattern in patterns)
        {
            policy.Personal.Add(new PersonalRoute(pattern, $"spec.personal.routes[{policy.Personal.Count}]"));
        }

        return policy;
    }

    /// <summary>The example of DESIGN §3.</summary>
    public static APolicy OfTheDesign() =>
        WithPersonal(
            new PathPrefix("/mypage"), new ExactPath("/account"), new PathTemplate("/users/{id}/orders"),
            new PathRegex("^/fund/[0-9]+/purchase$"))
        .Caching(new PathPrefix("/static"), "css", "js", "png")
        .Caching(new PathRegex("^/funds(/[0-9]+)?$"));

    public APolicy Caching(RoutePattern? pattern, params ReadOnlySpan<string> extensions) =>
        Caching(Duration.FromSeconds(3600), pattern, extensions);

    public APolicy Caching(Duration ttl, RoutePattern? pattern, params ReadOnlySpan<string> extensions) =>
        With(pattern, new Caching(ttl, null, Duration.Zero, CacheKey.PathOnly), extensions);

    public APolicy Passing(RoutePattern? pattern, params ReadOnlySpan<string> extensions) =>
        With(pattern, null, extensions);

    public APolicy With(RoutePattern? pattern, Caching? caching, params ReadOnlySpan<string> extensions)
    {
        Rules.Add(
            new Rule($"r{Rules.Count}", new RouteMatch(pattern, EquatableList.Create(extensions)), caching,
            $"spec.rules[{Rules.Count}]"));
        return this;
    }

    public PolicySet Build() => new(
        new Policy(
            new ResourceName("web", "storefront"),
            [new HostName("www.example.com")],
            new Origin("storefront", 8080, Profiles.ToEquatableList()),
            new AdoptedWorkload("Deployment", "storefront-cache"),
            [new ServiceEntrypoint("storefront-entry", 80)],
            new PersonalData(Personal.ToEquatableList(), Identity),
            Rules.ToEquatableList(),
            Vcl,
            RolloutSettings.Default,
            GuardSettings.Default,
            FallbackSettings.Default,
            ReviewSettings.Default),
        Binding);
}
