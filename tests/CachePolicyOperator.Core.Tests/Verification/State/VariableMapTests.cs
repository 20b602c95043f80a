using System.Collections.Immutable;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Verification.State;

/// <summary>A map of variables is what a dictionary is, whatever was set and removed on the way to it.</summary>
public sealed class VariableMapTests
{
    private static readonly Gen<(Input Name, int? Value)[]> Edits =
        Gen.Select(Gen.Int[0, 9].Select(i => Input.OfClientField($"{(char)('a' + i)}")),
            Gen.Int[0, 3].Select(v => v == 0 ? (int?)null : v)).Array[0, 30];

    [Fact]
    public void It_holds_what_was_set_and_not_removed()
    {
        Edits.Sample(
            edits =>
            {
                var (map, expected) = Made(edits);

                Assert.Equal(expected.OrderBy(e => e.Key), map);
                Assert.All(expected, e => Assert.Equal(e.Value, map.GetValueOrDefault(e.Key)));
                Assert.Equal(7, map.GetValueOrDefault(Input.OfClientField("none"), 7));
                Assert.Equal(expected.RemoveRange(expected.Keys.Where(IsB)).Count, map.Without(IsB).Count);
            },
            iter: 2_000);
    }

    [Fact]
    public void Maps_are_equal_exactly_where_nothing_differs()
    {
        Gen.Select(Edits, Edits).Sample(
            (left, right) =>
            {
                var ((one, mine), (other, theirs)) = (Made(left), Made(right));
                Input[] differing = [.. mine.Keys.Union(theirs.Keys)
                    .Where(k => mine.GetValueOrDefault(k) != theirs.GetValueOrDefault(k)).Order()];

                Assert.Equal(differing, one.DifferingFrom(other));
                Assert.Equal(differing.Length == 0, one.Equals(other));
                Assert.True(differing.Length > 0 || one.GetHashCode() == other.GetHashCode());
            },
            iter: 5_000);
    }

    [Fact]
    public void Many_are_set_and_removed_as_if_one_by_one()
    {
        Gen.Select(Edits, Edits).Sample(
            (before, edits) =>
            {
                var (map, expected) = Made(before);
                var items = edits.Select(e => KeyValuePair.Create(e.Name, e.Value ?? 9)).ToArray();

                Assert.Equal(expected.SetItems(items).OrderBy(e => e.Key), map.SetItems(items));
                Assert.Equal(items.Aggregate(map, (m, e) => m.SetItem(e.Key, e.Value)), map.SetItems(items));
                Assert.Equal(edits.Aggregate(map, (m, e) => m.Remove(e.Name)),
                    map.RemoveRange(edits.Select(e => e.Name)));
            },
            iter: 2_000);
    }

    [Fact]
    public void What_is_taken_back_leaves_an_equal_map()
    {
        var (a, b, c) = (Input.Of("req.a"), Input.Of("req.b"), Input.Of("req.c"));
        var map = VariableMap<Input, int>.Empty.SetItem(b, 1).SetItem(a, 2);
        _ = map.GetHashCode();
        var changed = map.SetItem(c, 3).SetItem(a, 5).Remove(c).SetItem(a, 2);

        Assert.Equal(map, changed);
        Assert.Equal(map.GetHashCode(), changed.GetHashCode());
        Assert.Same(map, map.SetItem(a, 2));
        Assert.Same(map, map.Remove(c));
    }

    private static bool IsB(Input input) => input.FieldName == "b";

    private static (VariableMap<Input, int> Map, ImmutableDictionary<Input, int> Expected) Made(
        (Input Name, int? Value)[] edits)
    {
        var (map, expected) = (VariableMap<Input, int>.Empty, ImmutableDictionary<Input, int>.Empty);
        foreach (var (name, value) in edits)
        {
            (map, expected) = value is { } set ? (map.SetItem(name, set), expected.SetItem(name, set))
                : (map.Remove(name), expected.Remove(name));
        }

        return (map, expected);
    }
}
