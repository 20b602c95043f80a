namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>What the cache key tells apart.</summary>
internal static class Keyed
{
    /// <summary>Constant, or in the key as a part of its own, or made of nothing but such parts.</summary>
    public static bool HasInKey(this PathState state, Text value) => state.Key.Contains(value) || value switch
    {
        ConstantText => true,
        MappedText mapped => state.HasInKey(mapped.Source),
        JoinedText joined => joined.Parts.Items.All(state.HasInKey),
        _ => false,
    };

    /// <summary>Whether no two requests, one of each path, can have the same key.</summary>
    public static bool HasOtherKeyThan(this PathState one, PathState other, InputSpace space)
    {
        if (one.Key.Count != other.Key.Count)
        {
            return true;
        }

        for (var i = 0; i < one.Key.Count; i++)
        {
            var (left, right) = (space.Reading(one, one.Key[i]), space.Reading(other, other.Key[i]));
            if (!ReferenceEquals(left, right) && left.Intersect(right, space.Budget).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Parts of keys in whose place another path, whose key may be equal, has something else that clients choose: varnishd
    /// tells the parts of a key apart by their place only.
    /// </summary>
    public static IEnumerable<(Outcome Store, Text Part)> Collisions(IReadOnlyList<Outcome> stores, InputSpace space)
    {
        var keys = stores.DistinctBy(s => s.State.Key.ToEquatableList()).ToArray();
        foreach (var one in keys)
        {
            foreach (var other in keys.Where(o => !one.State.Key.SequenceEqual(o.State.Key) && !one.State.HasOtherKeyThan(o.State, space)))
            {
                for (var i = 0; i < one.State.Key.Count; i++)
                {
                    if (one.State.Key[i] != other.State.Key[i] && other.State.Key[i].Sources.Any(s => Carriers.NameOf(s) is not null))
                    {
                        yield return (one, one.State.Key[i]);
                    }
                }
            }
        }
    }
}
