using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Entries;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Entries;

public sealed class PolicyEntriesTests
{
    private static readonly CachePolicy Policy = new();
    private static readonly EntryTurn Past = new(EntryTarget.Origin, null, "it leaks");

    private static readonly InForce InForce = new(
        Core.Digest.Of("text"),
        1,
        new RenderTarget("192.0.2.1", 8080, "7.1"),
        new Origin("shop", 8080, ["strict"]),
        new AdoptedWorkload("Deployment", "cache"),
        [new ServiceEntrypoint("front", 80), new IngressEntrypoint("edge")],
        GuardSettings.Default,
        FallbackSettings.Default,
        RolloutSettings.Default,
        new GuardConfiguration([], [], [], IdentityCarriers.None, LeakResponse.NoCache, ""));

    [Fact]
    public async Task Each_entry_is_looked_at_and_led_by_the_one_who_switches_its_kind()
    {
        var (services, ingresses) = (Kind<ServiceEntrypoint>("front"), Kind<IngressEntrypoint>("edge"));

        var entries = new PolicyEntries([ingresses.Object, services.Object]).Of(Policy, InForce);
        await entries[1].LeadAsync(Past, CancellationToken.None);

        Assert.Equal(["front", "edge"], entries.Select(e => e.View.Name));
        ingresses.Verify(k => k.LeadAsync(
            Policy, InForce, new IngressEntrypoint("edge"), Past, CancellationToken.None));
        services.Verify(k => k.LeadAsync(
            It.IsAny<CachePolicy>(), It.IsAny<InForce>(), It.IsAny<Entrypoint>(), It.IsAny<EntryTurn>(),
            It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public void An_entry_of_whatever_kind_that_was_moved_by_hand_is_named()
    {
        var (services, ingresses) =
            (Kind<ServiceEntrypoint>("front"), Kind<IngressEntrypoint>("edge", isMovedByHand: true));

        Assert.Equal("edge", new PolicyEntries([services.Object, ingresses.Object]).MovedByHand(Policy, InForce));
        Assert.Null(new PolicyEntries([services.Object]).MovedByHand(Policy, InForce));
    }

    [Fact]
    public void An_entry_that_is_named_twice_or_was_made_and_is_named_is_one()
    {
        var services = Kind<ServiceEntrypoint>("front");
        services.Setup(k => k.MadeFor(Policy))
            .Returns([new ServiceEntrypoint("front", 8080), new ServiceEntrypoint("old", 80)]);
        var twice =
            InForce with { Entrypoints = [new ServiceEntrypoint("front", 80), new ServiceEntrypoint("front", 8080)] };

        Assert.Equal(2, new PolicyEntries([services.Object]).Of(Policy, twice).Count);
        Assert.Equal(2, new PolicyEntries([services.Object]).Of(Policy, null).Count);
    }

    private static Mock<IEntrypoint> Kind<T>(string name, bool isMovedByHand = false)
        where T : Entrypoint
    {
        var kind = new Mock<IEntrypoint>();
        kind.Setup(k => k.MadeFor(Policy)).Returns([]);
        kind.Setup(k => k.Switches(It.IsAny<T>())).Returns(true);
        kind.Setup(k => k.Look(Policy, It.IsAny<InForce>(), It.IsAny<T>()))
            .Returns(
                new EntryView(name, name, null, default, EntryStanding.Named, isMovedByHand, false, true, true, null));
        return kind;
    }
}
