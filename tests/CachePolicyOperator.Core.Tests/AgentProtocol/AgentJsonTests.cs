using System.Text.Json;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Tests.AgentProtocol;

public sealed class AgentJsonTests
{
    private static readonly DateTimeOffset At = new(2018, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly GuardConfiguration Guard = new(
        ["shop.example.com"],
        [new GuardedRoute("/mypage", null, null, null), new GuardedRoute(null, null, "/orders/{id}", null)],
        ["nginx"],
        new IdentityCarriers(["sid"], ["authorization"], []),
        LeakResponse.Bypass,
        "AAAA");

    [Fact]
    public void A_guard_is_written_as_agents_and_operators_of_other_versions_do_or_its_digest_would_differ() =>
        Assert.Equal(
            """{"hosts":["shop.example.com"],"routes":[{"path":"/mypage"},{"template":"/orders/{id}"}],"originProfiles":["nginx"]"""
            + ""","identity":{"cookies":["sid"],"headers":["authorization"],"queryParameters":[]},"onLeak":"Bypass","identityKey":"AAAA"}""",
            JsonSerializer.Serialize(Guard, AgentApi.Message<GuardConfiguration>()));

    [Fact]
    public void A_guard_is_read_as_it_was_written() => Assert.Equal(Guard, Again(Guard));

    [Fact]
    public void Events_are_read_as_the_kind_that_they_are()
    {
        var seen = new Sighting(7, At, "who", "/mypage", "GET", "what");
        AgentEvent[] events =
        [
            new LeakDetected("a", 1, At, "hit/personal", null, new Exposure("32770", At, seen, [seen], Omitted: 2)),
            new LevelChanged("a", 2, At, CacheLevel.Bypassed, "leak", true, 3.5),
            new RevisionActivated("a", 3, At, Digest.Of("")),
            new UnprovenVcl("a", 4, At, "boot", null),
            new VarnishRestarted("a", 5, At),
        ];

        Assert.All(events, e => Assert.Equal(e, Again(e)));
    }

    [Fact]
    public void A_status_is_read_as_it_was_written()
    {
        var status = new AgentStatus("a", "7.1.1", true, CacheLevel.Cached, null, false, Digest.Of(""), [Digest.Of("")],
            true, null, 9, 0);

        Assert.Equal(status, Again(status));
    }

    private static T? Again<T>(T message) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(message, AgentApi.Message<T>()), AgentApi.Message<T>());
}
