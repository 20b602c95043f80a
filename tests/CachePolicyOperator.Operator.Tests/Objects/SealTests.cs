using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Objects;
using k8s.Models;
using Moq;

namespace CachePolicyOperator.Operator.Tests.Objects;

public sealed class SealTests
{
    private const string Owner = "uid-of-the-policy";

    private static readonly string[] Keys = ["bypass.vcl", "default.vcl", "proof.json"];

    private readonly Mock<IOperatorSecrets> _secrets = new();
    private readonly Seal _seal;

    public SealTests()
    {
        _secrets.Setup(s => s.SealKey).Returns([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        _seal = new Seal(_secrets.Object);
    }

    [Fact]
    public void It_holds_for_what_was_sealed_whatever_somebody_adds_beside_it()
    {
        var map = Sealed();
        Assert.True(_seal.Holds(map, Owner, Keys));

        map.Data["note"] = "x";
        Assert.True(_seal.Holds(map, Owner, Keys));
    }

    public static TheoryData<string, Action<V1ConfigMap>> Changes() => new()
    {
        { "a value", m => m.Data["default.vcl"] = "vcl 4.1; # leaks" },
        { "a value of another key", m => m.Data["bypass.vcl"] = "vcl 4.1; # leaks" },
        { "one key less", m => m.Data.Remove("proof.json") },
        { "text and proof, consistently",
            m => (m.Data["default.vcl"], m.Data["proof.json"]) =
            ("vcl 4.1; # leaks", """{"digest":"of the other"}""") },
        { "a byte moved from a value to its key", m => Move(m) },
        { "another name", m => m.Metadata.Name = "storefront-rev-1" },
        { "no seal", m => m.Metadata.Annotations.Remove(Seal.Annotation) },
        { "another seal", m => m.Metadata.Annotations[Seal.Annotation] = new string('0', 64) },
        { "no data", m => m.Data = null },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void It_does_not_hold_after_a_change_of(string what, Action<V1ConfigMap> change)
    {
        var map = Sealed();

        change(map);

        Assert.False(_seal.Holds(map, Owner, Keys), what);
    }

    [Fact]
    public void What_was_sealed_for_one_policy_does_not_hold_for_another() =>
        Assert.False(_seal.Holds(Sealed(), "uid-2", Keys));

    [Fact]
    public void With_another_key_or_none_nothing_holds()
    {
        var map = Sealed();

        _secrets.Setup(s => s.SealKey).Returns(new byte[32]);
        Assert.False(_seal.Holds(map, Owner, Keys));
        _secrets.Setup(s => s.SealKey).Returns((byte[]?)null);
        Assert.False(_seal.Holds(map, Owner, Keys));
    }

    private static void Move(V1ConfigMap map)
    {
        map.Data.Remove("proof.json");
        map.Data["proof.json{"] = "}";
    }

    private V1ConfigMap Sealed()
    {
        var map = new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = "storefront-rev-0" },
            Data = new Dictionary<string, string>
            {
                ["default.vcl"] = "vcl 4.1;",
                ["bypass.vcl"] = "vcl 4.1; # bypass",
                ["proof.json"] = "{}",
            },
        };
        map.Metadata.Annotations = new Dictionary<string, string>
        {
            [Seal.Annotation] = _seal.Of(Owner, map.Metadata.Name, map.Data),
        };
        return map;
    }
}
