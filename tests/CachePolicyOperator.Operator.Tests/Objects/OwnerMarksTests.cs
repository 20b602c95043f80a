using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using k8s;
using k8s.Models;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Objects;

public sealed class OwnerMarksTests
{
    private readonly Mock<ISealKey> _key = new();
    private readonly OwnerMarks _marks;

    public OwnerMarksTests()
    {
        _key.Setup(k => k.SealKey).Returns([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        _marks = new OwnerMarks(new Seal(_key.Object));
    }

    [Fact]
    public void What_the_operator_marked_is_of_its_policy_also_after_that_was_made_anew() =>
        Assert.True(_marks.IsMarkedFor(Marked(), Policy(uid: "another")));

    [Fact]
    public void Labels_and_words_that_anybody_may_write_make_nothing_the_operators()
    {
        var forged = Entry();

        Assert.False(_marks.IsMarkedFor(forged, Policy()));
        Assert.False(_marks.Holds(forged, "storefront"));
    }

    public static TheoryData<string, Action<V1Service>> Copies() => new()
    {
        { "another name", s => s.Metadata.Name = "theirs" },
        { "another namespace", s => s.Metadata.NamespaceProperty = "other" },
        { "another mark", s => s.Metadata.Annotations[OwnerMarks.Annotation] = new string('0', 64) },
        { "no mark", s => s.Metadata.Annotations.Remove(OwnerMarks.Annotation) },
    };

    [Theory]
    [MemberData(nameof(Copies))]
    public void A_mark_holds_for_no_other_object(string what, Action<V1Service> change)
    {
        var copy = Marked();
        change(copy);

        Assert.False(_marks.IsMarkedFor(copy, Policy()), what);
    }

    [Fact]
    public void A_mark_holds_for_no_other_policy_and_no_other_kind()
    {
        var mark = Marked().Metadata.Annotations[OwnerMarks.Annotation];
        var map = new V1ConfigMap { Metadata = Entry().Metadata };
        map.Metadata.Annotations[OwnerMarks.Annotation] = mark;

        Assert.False(_marks.IsMarkedFor(Marked(), Policy("other")));
        Assert.False(_marks.IsMarkedFor(map, Policy()));
    }

    [Fact]
    public void Who_gives_an_object_the_policy_as_owner_gives_it_away()
    {
        var given = Entry();
        given.Metadata.OwnerReferences = [Owners.Reference("storefront", "uid-1")];

        Assert.True(_marks.IsMarkedFor(given, Policy()));
        Assert.False(_marks.IsMarkedFor(given, Policy(uid: "of-an-earlier-one")));
    }

    [Fact]
    public void Who_takes_the_mark_off_an_object_that_is_known_makes_it_nobody_elses()
    {
        var entry = Marked();
        entry.Metadata.Uid = "uid-of-the-entry";
        Assert.True(_marks.IsMarkedFor(entry, Policy()));
        entry.Metadata.Annotations.Remove(OwnerMarks.Annotation);

        Assert.True(_marks.IsMarkedFor(entry, Policy()));
        Assert.False(_marks.Holds(entry, "storefront"));
        Assert.False(_marks.IsMarkedFor(entry, Policy("other")));
    }

    [Fact]
    public void While_the_key_is_new_words_count_as_they_are()
    {
        _key.Setup(k => k.IsSealNew).Returns(true);

        Assert.True(_marks.IsMarkedFor(Entry(), Policy()));
        Assert.False(_marks.IsMarkedFor(Entry(), Policy("other")));
        var ofAnother = Entry();
        ofAnother.Metadata.Labels[Owners.ManagedBy] = "another-operator";
        Assert.False(_marks.IsMarkedFor(ofAnother, Policy()));
        Assert.False(
            _marks.IsMarkedFor(
            new V1Service { Metadata = new V1ObjectMeta { Name = "theirs", NamespaceProperty = "web" } }, Policy()));
    }

    private V1Service Marked() => _marks.Sign(Entry(), "storefront");

    /// <summary>With every word that an entry carries, and no mark.</summary>
    private static V1Service Entry()
    {
        var entry = new V1Service { Metadata = Owners.MarkedMetadata(Policy(), "storefront-entry") };
        entry.Metadata.Labels[EntryMetadata.Entry] = "true";
        return KubernetesJson.Deserialize<V1Service>(KubernetesJson.Serialize(entry));
    }

    private static CachePolicy Policy(string name = "storefront", string uid = "uid-1") =>
        new() { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "web", Uid = uid } };
}
