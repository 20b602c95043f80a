using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Tests.Verification;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class GuardOfTests
{
    private static readonly PersonalRoutes Declared = new(
        new ResourceName("web", "privacy"),
        [new HostName("www.example.com")],
        new PersonalData(
            [new PersonalRoute(new ExactPath("/basket"), "spec.routes[0]")],
                new IdentityCarriers(["cart"], ["x-user"], ["token"])));

    [Fact]
    public void What_is_declared_personal_since_is_watched_beside_what_was_in_force()
    {
        var inForce = GuardOf.Policies(APolicy.WithPersonal(new PathPrefix("/mypage")).Build());

        var joined = GuardOf.Join(inForce, [Declared]);

        Assert.Equal(["/mypage"], joined.Routes.Items.Select(r => r.PathPrefix).OfType<string>());
        Assert.Equal(["/basket"], joined.Routes.Items.Select(r => r.Path).OfType<string>());
        Assert.Equal(new IdentityCarriers(["cart", "session"], ["x-user"], ["token"]), joined.Identity);
    }

    [Fact]
    public void What_is_declared_for_another_host_is_watched_by_nobody_here()
    {
        var inForce = GuardOf.Policies(APolicy.WithPersonal(new PathPrefix("/mypage")).Build());

        Assert.Equal(inForce, GuardOf.Join(inForce, [Declared with { Hosts = [new HostName("api.example.com")] }]));
    }
}
