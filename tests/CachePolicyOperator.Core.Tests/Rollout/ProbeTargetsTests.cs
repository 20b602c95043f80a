using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Tests.Vcl.Render;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class ProbeTargetsTests
{
    [Fact]
    public void Every_form_of_a_personal_route_is_asked_for_by_a_target_that_it_names()
    {
        RoutePattern[] routes =
        [
            new ExactPath("/account"), new PathPrefix("/mypage"), new PathTemplate("/users/{id}/orders"),
            new PathRegex("^/fund/[0-9]+/purchase$"),
        ];

        var targets = Of(routes);

        Assert.All(routes,
            r => Assert.Contains(targets,
            t => PersonalLanguage.Of([r], ["strict"]).Matches(System.Text.Encoding.ASCII.GetBytes(t))));
        Assert.Contains("/mypage/cachepolicy-probe", targets);
        Assert.Contains("/account;cachepolicy-probe.css", targets);
    }

    [Fact]
    public void What_no_client_could_send_is_not_asked_for()
    {
        var targets = Of(new PathRegex("^/a b"), new PathRegex("^/caf\u00e9$"), new PathRegex("^mypage"));

        Assert.Equal(["/"], targets);
    }

    [Fact]
    public void However_many_routes_there_are_a_trial_asks_for_few()
    {
        var targets = Of([.. Enumerable.Range(0, 5_000).Select(i => new ExactPath($"/users/{i}"))]);

        Assert.InRange(targets.Length, 24, 64);
    }

    private static string[] Of(params RoutePattern[] routes)
    {
        var policy = PolicyText.Plain.Policy;
        return ProbeTargets.Of(new PolicySet(
            policy with
            {
                Personal = policy.Personal with
                {
                    Routes =
                new([.. routes.Select(r => new PersonalRoute(r, "spec"))])
                },
                Rules = []
            },
            [])).ToArray();
    }
}
