using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Tests.Support;
using k8s.Models;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Objects;

/// <summary>Which pods count as cache pods: the operator speaks with them, and leads traffic there.</summary>
public sealed class WorkloadsTests
{
    private static readonly AdoptedWorkload Cache = new("Deployment", "cache");
    private static readonly CachePolicy Policy =
        new() { Metadata = new V1ObjectMeta { Name = "storefront", NamespaceProperty = "web", Uid = "u" } };
    private static readonly Dictionary<string, string> Labels = new() { ["app"] = "cache" };

    private readonly ListStore<V1Deployment> _deployments = new(Deployment());
    private readonly ListStore<V1Service> _services = new();
    private readonly ListStore<V1Pod> _pods = new(Pod("cache-0", Labels), Pod("shop-0", new() { ["app"] = "shop" }));
    private readonly OwnerMarks _marks;
    private readonly Workloads _workloads;

    public WorkloadsTests()
    {
        var key = new Mock<ISealKey>();
        key.Setup(k => k.SealKey).Returns(new byte[32]);
        _marks = new OwnerMarks(new Seal(key.Object));
        _workloads = new Workloads(_deployments, new ListStore<V1StatefulSet>(), _pods, _services, _marks);
    }

    [Fact]
    public void They_are_those_that_run_and_have_the_labels()
    {
        Assert.Equal(["cache-0"], Names(_workloads.Pods(Policy, Cache)));

        _pods.Entities[0].Status = new V1PodStatus { Phase = "Failed" };
        Assert.Empty(_workloads.Pods(Policy, Cache));
        _pods.Entities[0].Status = null;
        _pods.Entities[0].Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        Assert.Empty(_workloads.Pods(Policy, Cache));
    }

    [Fact]
    public void A_Service_may_find_them_by_labels_of_the_template_and_of_a_pod()
    {
        var managed = Deployment();
        managed.Metadata.Name = "storefront-cache";
        managed.Spec.Template = new V1PodTemplateSpec
        {
            Metadata =
            new V1ObjectMeta { Labels = new Dictionary<string, string> { ["example.com/team"] = "web" } }
        };
        _deployments.Entities.Add(managed);
        _pods.Entities.Add(
            Pod("storefront-cache-0", new(Workloads.CacheLabels(Policy)) { ["example.com/by-hand"] = "yes" }));

        var found = _workloads.Labels(Policy, new ManagedWorkload(1, null, "")).SelectMany(l => l.Keys).ToHashSet();

        Assert.Superset(
            new HashSet<string> { "app.kubernetes.io/component", "example.com/team", "example.com/by-hand" }, found);
        Assert.DoesNotContain("app", found);
    }

    [Fact]
    public void A_workload_that_selects_by_more_than_equal_labels_has_none_that_are_known()
    {
        _deployments.Entities[0].Spec.Selector.MatchExpressions =
            [new V1LabelSelectorRequirement { Key = "app", OperatorProperty = "Exists" }];

        Assert.Null(_workloads.Selector(Policy, Cache));
        Assert.Empty(_workloads.Pods(Policy, Cache));
    }

    [Fact]
    public void What_selects_by_nothing_finds_no_pod() => Assert.Empty(_workloads.Running("web", []));

    [Fact]
    public void Behind_entries_are_those_of_entries_of_ours_that_lead_to_a_cache()
    {
        _services.Entities.Add(_marks.Sign(Entry("entry", Labels), "storefront"));
        Assert.Equal(["cache-0"], Names(_workloads.BehindEntries(Policy, "shop")));

        _services.Entities.Add(Entry("forged", new() { ["app"] = "shop" }));
        Assert.Equal(["cache-0"], Names(_workloads.BehindEntries(Policy, "shop")));
    }

    [Fact]
    public void Behind_an_entry_that_somebody_turned_to_the_origin_are_none()
    {
        _services.Entities.Add(new V1Service
        {
            Metadata = new V1ObjectMeta { Name = "shop", NamespaceProperty = "web" },
            Spec = new V1ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = "shop" } },
        });
        _services.Entities.Add(_marks.Sign(Entry("entry", new() { ["app"] = "shop" }), "storefront"));

        Assert.Empty(_workloads.BehindEntries(Policy, "shop"));
    }

    private static IEnumerable<string> Names(IEnumerable<V1Pod> pods) => pods.Select(p => p.Metadata.Name);

    private static V1Deployment Deployment() => new()
    {
        Metadata = new V1ObjectMeta { Name = "cache", NamespaceProperty = "web" },
        Spec = new V1DeploymentSpec { Selector = new V1LabelSelector { MatchLabels = Labels } },
    };

    private static V1Pod Pod(string name, Dictionary<string, string> labels) =>
        new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "web", Labels = labels } };

    /// <summary>With every word that an entry carries, and no mark.</summary>
    private static V1Service Entry(string name, Dictionary<string, string> selector)
    {
        var metadata = Owners.MarkedMetadata(Policy, name);
        metadata.Annotations[EntryMetadata.Target] = nameof(EntryTarget.Cache);
        return new V1Service { Metadata = metadata, Spec = new V1ServiceSpec { Selector = selector } };
    }
}
