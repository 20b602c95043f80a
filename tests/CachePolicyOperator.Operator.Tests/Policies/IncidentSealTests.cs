using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Policies;

public sealed class IncidentSealTests
{
    private readonly Mock<IOperatorSecrets> _secrets = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2018, 5, 8, 8, 0, 0, TimeSpan.Zero));

    public IncidentSealTests() =>
        _secrets.Setup(s => s.SealKey).Returns([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    [Fact]
    public void What_the_operator_wrote_is_what_it_is()
    {
        var (seal, written) = Written("Open");

        Assert.Same(written, seal.Trust(written));
    }

    public static TheoryData<string, Action<CacheIncident>> Changes() => new()
    {
        { "the phase", i => i.Status!.Phase = "Returned" },
        { "the level", i => i.Status!.Level = "Cached" },
        { "the digest that the cache returned with", i => i.Status!.ReturnedWith = "sha256:x" },
        { "how far agents are in it",
            i => i.Status!.Agents = [new IncidentAgentStatus { Uid = "uid-0", LastLeak = 999 }] },
        { "who was served what", i => i.Status!.Exposures = null },
        { "how it began", i => i.Spec.Level = "Cached" },
        { "the whole status", i => i.Status = null },
        { "the seal", i => i.Status!.Seal = null },
        { "the number", i => i.Status!.Serial = long.MaxValue },
        { "what was sealed for another of the same name", i => i.Metadata.Uid = "uid-2" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_somebody_else_changed_is_open_at_the_lowest_level_and_agents_are_heard_anew(
        string what, Action<CacheIncident> change)
    {
        var (_, changed) = Written("Open");
        change(changed);

        var trusted = Seal().Trust(changed);

        Assert.True(trusted.Status is { Phase: "Open", Level: "NoCache", ReturnedWith: null, Agents: null }, what);
    }

    [Fact]
    public void Of_what_somebody_else_changed_it_is_not_believed_that_it_ends_by_itself()
    {
        var (_, changed) = Written("Open");
        changed.Spec.Trigger = new IncidentTriggerSpec { Kind = "cache/unavailable" };

        Assert.False(IncidentEntities.Read(Seal().Trust(changed)).IsOutage);
    }

    [Fact]
    public void While_the_key_is_new_a_status_that_was_sealed_counts_as_it_is()
    {
        var (_, written) = Written("Returned");
        _secrets.Setup(s => s.SealKey).Returns(new byte[32]);
        Assert.Equal("Open", Seal().Trust(written).Status!.Phase);

        _secrets.Setup(s => s.IsSealNew).Returns(true);
        Assert.Same(written, Seal().Trust(written));
        Assert.False(Seal().Holds(written));

        written.Status!.Seal = null;
        Assert.Equal("Open", Seal().Trust(written).Status!.Phase);
    }

    [Fact]
    public void What_this_process_knows_of_it_counts_instead()
    {
        var (seal, written) = Written("Returned");
        var changed = Copy(written);
        changed.Status!.Phase = "Open";
        changed.Status.Exposures = null;

        var trusted = seal.Trust(changed);

        Assert.Equal(("Returned", 1), (trusted.Status!.Phase, trusted.Status.Exposures?.Count));
    }

    [Fact]
    public void An_older_status_pasted_in_holds_no_longer()
    {
        var (seal, returned) = Written("Returned");
        var open = Copy(returned);
        open.Status!.Phase = "Open";
        seal.Sign(open, open.Status);
        Assert.Same(open, seal.Trust(open));

        Assert.Equal("Open", seal.Trust(returned).Status!.Phase);
    }

    [Fact]
    public void A_new_one_without_a_status_is_the_operators_only_with_the_seal_of_its_beginning()
    {
        var seal = Seal();
        var made = Incident();
        made.Status = null;
        Assert.Equal("NoCache", seal.Trust(made).Status?.Level);

        made.Metadata.Annotations = new Dictionary<string,
            string>
        { [Operator.Objects.Seal.Annotation] = seal.OfBeginning(made) };

        Assert.Same(made, seal.Trust(made));
    }

    [Fact]
    public void Who_takes_the_status_off_an_incident_that_is_known_makes_it_no_new_one()
    {
        var (seal, returned) = Written("Returned");
        var bare = Copy(returned);
        bare.Metadata.Annotations = new Dictionary<string,
            string>
        { [Operator.Objects.Seal.Annotation] = seal.OfBeginning(bare) };
        bare.Status = null;

        Assert.Equal("Returned", seal.Trust(bare).Status?.Phase);
    }

    private (IncidentSeal Seal, CacheIncident Incident) Written(string phase)
    {
        var (seal, incident) = (Seal(), Incident());
        incident.Status!.Phase = phase;
        seal.Sign(incident, incident.Status);
        // As the API server gives it back.
        var written = Copy(incident);
        seal.Trust(written);
        return (seal, written);
    }

    private IncidentSeal Seal() => new(new Seal(_secrets.Object), _time);

    private static CacheIncident Copy(CacheIncident incident) =>
        KubernetesJson.Deserialize<CacheIncident>(KubernetesJson.Serialize(incident));

    private static CacheIncident Incident() => new()
    {
        Metadata = new V1ObjectMeta { Name = "storefront-1", NamespaceProperty = "web", Uid = "uid-1" },
        Spec = new CacheIncidentSpec { Policy = "storefront", Level = "Bypassed", Revisions = ["sha256:0"] },
        Status = new CacheIncidentStatus
        {
            Level = "Bypassed",
            Exposures = [new ExposureStatus { ObjectId = "1", ServedTo = [] }],
            Agents = [new IncidentAgentStatus { Uid = "uid-0", LastLeak = 4 }],
        },
    };
}
