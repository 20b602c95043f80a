using System.Collections.Immutable;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Execution;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

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
        var whole = Math.Min(one.WholeParts(space), other.WholeParts(space));
        if (one.Key.Count != other.Key.Count && whole >= Math.Min(one.Key.Count, other.Key.Count))
        {
            return true;
        }

        for (var i = 0; i < whole && i < Math.Min(one.Key.Count, other.Key.Count); i++)
        {
            if (!space.ReadsAlike(one, other, one.Key[i], other.Key[i]) && AreApart(one, one.Key[i], other, other.Key[i], space))
            {
                return true;
            }
        }

        return whole < Math.Max(one.Key.Count, other.Key.Count)
            && !one.HashedFrom(whole, space).Intersects(other.HashedFrom(whole, space), space.Budget);
    }

    // What rewrites make of a query is looked at only where the paths do not tell the values apart.
    private static bool AreApart(PathState one, Text left, PathState other, Text right, InputSpace space) =>
        (space.WithKeptPath(one, left) is { } before && space.WithKeptPath(other, right) is { } behind && !PathBeforeQuery.MayBeShared(before, behind))
        || space.Reading(one, left).Intersect(space.Reading(other, right), space.Budget).IsEmpty;

    /// <summary>Whether a part of one key stands for the same bytes as the part at the same place of the other, if the keys are equal.</summary>
    public static bool AreAligned(PathState one, PathState other, InputSpace space) =>
        one.WholeParts(space) >= one.Key.Count && other.WholeParts(space) >= other.Key.Count;

    // How many parts, from the first one on, are surely one part: varnishd ends a part where a field is absent.
    private static int WholeParts(this PathState state, InputSpace space) => state.Key.TakeWhile(part => !StrandsOf(part).Any(s => MayBeNothing(state, s, space))).Count();

    private static ImmutableArray<Text> StrandsOf(Text part) => part is JoinedText joined ? joined.Parts.Items : [part];

    private static bool MayBeNothing(PathState state, Text strand, InputSpace space) => strand switch
    {
        ConstantText => false,
        InputText { Input: var input } => input.Contains(".http.", StringComparison.Ordinal) && space.Of(state, input).MayBeAbsent,
        // A substitution makes something of nothing.
        MappedText { Map.Unchanged: not null } => false,
        MappedText mapped => space.Reading(state, mapped.Source).AcceptsEmptyWord || (CookieJar.MayBeNothing(mapped.Map) && space.Reading(state, mapped).AcceptsEmptyWord),
        _ => true,
    };

    // The bytes that are hashed, from one part on.
    private static Language HashedFrom(this PathState state, int first, InputSpace space)
    {
        var end = Language.Literal("\0");
        return Language.Concat(
            state.Key.Skip(first).SelectMany(part => StrandsOf(part)
                .Select(s => MayBeNothing(state, s, space) ? space.Reading(state, s).Union(end, space.Budget) : space.Reading(state, s))
                .Append(end)),
            space.Budget);
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
                var aligned = AreAligned(one.State, other.State, space);
                for (var i = 0; i < one.State.Key.Count; i++)
                {
                    if (!aligned
                        ? !other.State.Key.Contains(one.State.Key[i])
                        : one.State.Key[i] != other.State.Key[i] && other.State.Key[i].Sources.Any(s => Carriers.NameOf(s) is not null))
                    {
                        yield return (one, one.State.Key[i]);
                    }
                }
            }
        }
    }
}
