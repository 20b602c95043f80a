using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Entries;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Tests.Support;
using k8s.Models;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Entries;

/// <summary>Which Services count as entries of a policy, and where they are seen to lead.</summary>
public sealed class EntrySightsTests
{
    private static readonly CachePolicy Policy = new()
    {
        Metadata = new V1ObjectMeta { Name = "storefront", NamespaceProperty = "web", Uid = "u" },
        Spec = new CachePolicySpec
        {
            Origin = new OriginSpec { Service = new ServicePortSpec { Name = "shop" } },
            Cache = new CacheSpec { Workload = new WorkloadSpec { Kind = "Deployment", Name = "cache" } },
        },
    };

    private readonly ListStore<V1Service> _services = new(
        Service(new V1ObjectMeta { Name = "shop", NamespaceProperty = "web" }, "shop"));
    private readonly OwnerMarks _marks;
    private readonly EntrySights _sights;

    public EntrySightsTests()
    {
        var key = new Mock<ISealKey>();
        key.Setup(k => k.SealKey).Returns(new byte[32]);
        _marks = new OwnerMarks(new Seal(key.Object));
        var cache = new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "cache", NamespaceProperty = "web" },
            Spec = new V1DeploymentSpec
            {
                Selector =
                new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "cache" } }
            },
        };
        var workloads = new Workloads(
            new ListStore<V1Deployment>(cache), new ListStore<V1StatefulSet>(), new ListStore<V1Pod>(), _services,
                _marks);
        _sights = new EntrySights(_services, workloads, _marks);
    }

    [Theory]
    [InlineData("cache", EntryTarget.Cache)]
    [InlineData("shop", EntryTarget.Origin)]
    [InlineData("elsewhere", null)]
    public void An_entry_leads_where_its_selector_does_whatever_is_written_on_it(string app, EntryTarget? expected)
    {
        _services.Entities.Add(_marks.Sign(Entry("entry", app), "storefront"));

        Assert.Equal([expected], _sights.Of(Policy, null).ToArray());
    }

    [Fact]
    public void What_only_says_that_it_is_an_entry_is_none()
    {
        _services.Entities.Add(Entry("forged", "elsewhere"));

        Assert.Empty(_sights.Of(Policy, null).Items);
    }

    [Fact]
    public void An_entry_that_was_retired_counts_no_more()
    {
        var retired = Entry("retired", "shop");
        retired.Metadata.Annotations[EntryMetadata.Retired] = "true";
        _services.Entities.Add(_marks.Sign(retired, "storefront"));

        Assert.Empty(_sights.Of(Policy, null).Items);
    }

    [Fact]
    public void An_entry_that_the_policy_names_counts_whatever_is_written_on_it()
    {
        var named = Entry("named", "shop");
        named.Metadata.Annotations[EntryMetadata.Retired] = "true";
        _services.Entities.Add(_marks.Sign(named, "storefront"));
        var policy = new CachePolicy
        {
            Metadata = Policy.Metadata,
            Spec = new CachePolicySpec
            {
                Origin = Policy.Spec.Origin,
                Cache = Policy.Spec.Cache,
                Entrypoints = [new EntrypointSpec { Service = new ServicePortSpec { Name = "named" } }],
            },
        };

        Assert.Equal([EntryTarget.Origin], _sights.Of(policy, null).ToArray());
    }

    private static V1Service Entry(string name, string app)
    {
        var metadata = Owners.MarkedMetadata(Policy, name);
        metadata.Annotations[EntryMetadata.Target] = nameof(EntryTarget.Cache);
        return Service(metadata, app);
    }

    private static V1Service Service(V1ObjectMeta metadata, string app) => new()
    {
        Metadata = metadata,
        Spec = new V1ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = app } },
    };
}
