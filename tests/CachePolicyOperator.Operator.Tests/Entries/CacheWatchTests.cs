using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Entries;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Rollouts;
using CachePolicyOperator.Operator.Tests.Support;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Entries;

/// <summary>Which cache pods count, and when there are none that matters.</summary>
public sealed class CacheWatchTests
{
    private const string Address = "192.0.2.1";

    private static readonly CachePolicy Policy = new()
    {
        Metadata = new V1ObjectMeta { Name = "storefront", NamespaceProperty = "web", Uid = "u" },
    };

    private static readonly InForce InForce = new(
        Core.Digest.Of("text"),
        1,
        new RenderTarget(Address, 8080, "7.1"),
        new Origin("shop", 8080, ["strict"]),
        new AdoptedWorkload("Deployment", "cache"),
        [new ServiceEntrypoint("front", 80)],
        GuardSettings.Default,
        FallbackSettings.Default,
        RolloutSettings.Default,
        new GuardConfiguration([], [], [], IdentityCarriers.None, LeakResponse.NoCache, ""));

    private readonly V1Service _origin = new()
    {
        Metadata = new V1ObjectMeta { Name = "shop", NamespaceProperty = "web" },
        Spec = new V1ServiceSpec
        {
            ClusterIP = Address,
            Selector = new Dictionary<string, string> { ["app"] = "shop" },
            Ports = [new V1ServicePort { Port = 8080 }],
        },
    };

    private readonly ListStore<V1Pod> _pods = new(Pod("cache-0"));
    private readonly Mock<IPodWitnesses> _witnesses = new();

    [Fact]
    public void A_pod_that_may_serve_and_is_behind_in_anything_is_not_counted_as_programmed()
    {
        var watch = Watch();

        Assert.Equal(1, watch.Look(Policy, InForce, Decision(behind: [])).Sight.Programmed);
        Assert.Equal(0, watch.Look(Policy, InForce, Decision(behind: ["cache-0"])).Sight.Programmed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pods_that_have_an_old_address_of_the_origin_are_an_outage_only_where_the_origin_has_somebody_to_answer(
        bool originAnswers)
    {
        _origin.Spec.ClusterIP = "192.0.2.2";

        var outage = Watch(originAnswers).Outage(Policy, InForce);

        Assert.Equal(originAnswers, outage is not null);
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public void A_pod_that_no_agent_vouches_for_and_no_gate_keeps_from_traffic_is_an_outage(
        bool isUnknown, bool hasGate, bool isOutage)
    {
        _pods.Entities.Add(Pod("intruder"));
        if (hasGate)
        {
            _pods.Entities[1].Spec.ReadinessGates = [new V1PodReadinessGate { ConditionType = PodGates.ConditionType }];
        }

        _witnesses.Setup(w => w.NobodyVouches(NamespacedName.Of(Policy), "uid-intruder")).Returns(isUnknown);

        var outage = Watch().Outage(Policy, InForce);

        Assert.Equal(isOutage, outage?.Reason.Contains("`intruder`", StringComparison.Ordinal) == true);
        Assert.Equal(!isOutage, Watch().Look(Policy, InForce, Decision(behind: [])).Sight.MayTake);
    }

    [Fact]
    public void No_ready_pod_is_an_outage_whatever_the_origin_has()
    {
        _pods.Entities.Clear();

        Assert.NotNull(Watch(originAnswers: false).Outage(Policy, InForce));
    }

    private static V1Pod Pod(string name) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Uid = $"uid-{name}",
            NamespaceProperty = "web",
            Labels = new Dictionary<string, string> { ["app"] = "cache" },
        },
        Spec = new V1PodSpec
        {
            Containers = [
                new V1Container { Name = "varnish",
                Ports = [new V1ContainerPort { Name = "http", ContainerPort = 6081 }] }],
        },
        Status = new V1PodStatus
        {
            Phase = "Running",
            Conditions =
                [new V1PodCondition { Type = "Ready", Status = "True", LastTransitionTime = DateTime.UnixEpoch }],
        },
    };

    private static FleetDecision Decision(string[] behind)
    {
        var target = new PodTarget(InForce.Revision, CacheLevel.Cached, Guard: null, Purge: false);
        return new FleetDecision(
            RolloutPhase.Promoting,
            [new PodDecision("cache-0", target, MayServe: true, IsOnItsWayDown: false)],
            new RolloutSummary(1, 1, 1 - behind.Length, 1, 1, [], [.. behind]),
            InForce.Revision,
            null);
    }

    /// <summary>Sees the pods, and an entry that leads to them.</summary>
    private CacheWatch Watch(bool originAnswers = true)
    {
        var key = new Mock<ISealKey>();
        key.Setup(k => k.SealKey).Returns(new byte[32]);
        var services = new ListStore<V1Service>(_origin);
        var workload = new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "cache", NamespaceProperty = "web" },
            Spec = new V1DeploymentSpec
            {
                Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "cache" } },
            },
        };
        var workloads = new Workloads(
            new ListStore<V1Deployment>(workload), new ListStore<V1StatefulSet>(), _pods, services,
            new OwnerMarks(new Seal(key.Object)));
        var kind = new Mock<IEntrypoint>();
        kind.Setup(k => k.MadeFor(Policy)).Returns([]);
        kind.Setup(k => k.Switches(It.IsAny<Entrypoint>())).Returns(true);
        kind.Setup(k => k.Look(Policy, It.IsAny<InForce>(), It.IsAny<Entrypoint>())).Returns(new EntryView(
            "front", "front", EntryTarget.Cache, default, EntryStanding.Named, IsMovedByHand: false, IsByOutage: false,
            Answers: _pods.Entities.Count > 0, OriginAnswers: originAnswers, null));
        return new CacheWatch(services, workloads, new PolicyEntries([kind.Object]), _witnesses.Object,
            TimeProvider.System);
    }
}
