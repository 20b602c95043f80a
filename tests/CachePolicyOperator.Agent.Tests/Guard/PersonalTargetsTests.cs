using System.Text;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Tests.Guard;

public sealed class PersonalTargetsTests
{
    private static readonly PersonalTargets Targets = PersonalTargets.Of(Vcl.Guard());

    [Theory]
    [InlineData("/mypage", "pathPrefix /mypage")]
    [InlineData("/mypage?x=/static/a.css", "pathPrefix /mypage")]
    [InlineData("/account/settings", "pathPrefix /account")]
    [InlineData("/%6Dypage", "pathPrefix /mypage")]
    [InlineData("https://www.example.com/mypage", "pathPrefix /mypage")]
    [InlineData("/mypages", null)]
    [InlineData("/static/app.js?next=/mypage", null)]
    [InlineData("/a%20b", null)]
    public void A_target_is_personal_where_the_origin_may_read_it_so(string target, string? route)
    {
        Assert.Equal(route, Targets.RouteOf(Encoding.Latin1.GetBytes(target)));
        Assert.Equal(route, Targets.RouteOf(Encoding.Latin1.GetBytes(target)));
    }

    [Fact]
    public void A_long_target_is_judged_where_it_is_plain_and_counts_as_personal_where_it_is_not()
    {
        var filler = new string('x', 10_000);

        Assert.Null(Targets.RouteOf(Encoding.Latin1.GetBytes($"/{filler}")));
        Assert.NotNull(Targets.RouteOf(Encoding.Latin1.GetBytes($"/mypage/{filler}")));
        Assert.NotNull(Targets.RouteOf(Encoding.Latin1.GetBytes($"/%41{filler}")));
        Assert.NotNull(Targets.RouteOf(Encoding.Latin1.GetBytes($"//{filler}")));
        Assert.NotNull(Targets.RouteOf(Encoding.Latin1.GetBytes($"/./{filler}")));
    }

    [Fact]
    public void What_is_not_plain_is_judged_up_to_a_length_and_counts_as_personal_past_it()
    {
        var longest = "/%41".PadRight(PersonalTargets.LongestAmbiguous, 'x');

        Assert.Null(Targets.RouteOf(Encoding.Latin1.GetBytes(longest)));
        Assert.NotNull(Targets.RouteOf(Encoding.Latin1.GetBytes(longest + "x")));
    }

    [Fact]
    public void Without_routes_nothing_is_personal()
    {
        var none = PersonalTargets.Of(Vcl.Guard() with { Routes = [] });

        Assert.Null(none.RouteOf("/mypage"u8));
        Assert.Null(none.RouteOf(Encoding.Latin1.GetBytes($"/%41{new string('x', 10_000)}")));
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_refused()
    {
        Refused(Vcl.Guard() with { OriginProfiles = ["nonsense"] });
        Refused(Vcl.Guard() with { Routes = [new GuardedRoute(null, null, null, null)] });
        Refused(Vcl.Guard() with { Routes = [new GuardedRoute("/a", "/b", null, null)] });
        Refused(Vcl.Guard() with { Routes = [new GuardedRoute(null, null, null, "(")] });
        Refused(Vcl.Guard() with { Routes = [new GuardedRoute("mypage", null, null, null)] });

        static void Refused(GuardConfiguration configuration) =>
            Assert.Throws<FormatException>(() => PersonalTargets.Of(configuration));
    }
}
