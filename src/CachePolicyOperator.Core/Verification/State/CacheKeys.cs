using System.Collections.Immutable;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>What the cache key tells apart.</summary>
internal static class CacheKeys
{
    /// <summary>
    /// Constant, or in the key as a part of its own with nothing but constants around it, or made of nothing but such
    /// parts.
    /// </summary>
    public static bool HasInKey(this SymbolicState state, Text value) =>
        state.Key.Any(p => IsTold(p, value)) || IsMadeOfKey(state, value);

    private static bool IsMadeOfKey(SymbolicState state, Text value) => value switch
    {
        ConstantText => true,
        MappedText mapped => state.HasInKey(mapped.Source),
        JoinedText joined => joined.Parts.Items.All(state.HasInKey),
        _ => false,
    };

    private static bool IsTold(Text part, Text value) => part.Equals(value) || (part is JoinedText joined
        && joined.Parts.Items.Where(p => p is not ConstantText).ToArray() is [var only] && only.Equals(value));

    /// <summary>Whether no two requests, one of each path, can have the same key.</summary>
    public static bool HasOtherKeyThan(this SymbolicState one, SymbolicState other, Solver solver)
    {
        var whole = Math.Min(one.WholeParts(solver), other.WholeParts(solver));
        if (one.Key.Count != other.Key.Count && whole >= Math.Min(one.Key.Count, other.Key.Count))
        {
            return true;
        }

        for (var i = 0; i < whole && i < Math.Min(one.Key.Count, other.Key.Count); i++)
        {
            if (!solver.ReadsAlike(one, other, one.Key[i], other.Key[i])
                && AreApart(one, one.Key[i], other, other.Key[i], solver))
            {
                return true;
            }
        }

        return whole < Math.Max(one.Key.Count, other.Key.Count)
            && !one.HashedFrom(whole, solver).Intersects(other.HashedFrom(whole, solver), solver.Budget);
    }

    /// <summary>Whether no two requests, one of each path, have the same in a part of their keys.</summary>
    // What rewrites make of a query is looked at only where the paths do not tell the values apart.
    public static bool AreApart(SymbolicState one, Text left, SymbolicState other, Text right, Solver solver) =>
        (solver.WithKeptPath(one, left) is { } before && solver.WithKeptPath(other, right) is { } behind
            && !PathBeforeQuery.MayBeShared(before, behind))
        || solver.Reading(one, left).Intersect(solver.Reading(other, right), solver.Budget).IsEmpty;

    /// <summary>
    /// Whether a part of one key stands for the same bytes as the part at the same place of the other, if the keys are
    /// equal.
    /// </summary>
    // One strand that may be absent leaves the parts where they are: absent on one way only, the keys have not the same
    // number of ends.
    public static bool AreAligned(SymbolicState one, SymbolicState other, Solver solver)
    {
        int[] mine = [.. LooseParts(one, solver)];
        int[] theirs = [.. LooseParts(other, solver)];
        return (mine.Length == 0 && theirs.Length == 0)
            || (one.Key.Count == other.Key.Count && mine.Length <= 1 && theirs.Length <= 1
                && (mine.Length == 0 || theirs.Length == 0 || mine[0] == theirs[0]));
    }

    /// <summary>
    /// Whether two texts are the same whenever the keys are: each is, between the same constants, what stands at one
    /// place of its key, or what the same function makes of that.
    /// </summary>
    public static bool AreTold(SymbolicState one, Text sent, SymbolicState other, Text otherwise, Solver solver) =>
        (AreTold(one, sent, other, otherwise)
            || AreTold(one, Untrimmed(one, sent, solver), other, Untrimmed(other, otherwise, solver)))
        && AreAligned(one, other, solver);

    private static bool AreTold(SymbolicState one, Text sent, SymbolicState other, Text otherwise) =>
        one.Key.Zip(other.Key).Any(parts => AreAlike(parts.First, sent, parts.Second, otherwise));

    private static Text Untrimmed(SymbolicState state, Text text, Solver solver) =>
        BlankMap.Written(text, t => solver.Reading(state, t), solver.Budget) ?? text;

    private static bool AreAlike(Text mine, Text sent, Text theirs, Text otherwise) =>
        (mine.Equals(sent) && theirs.Equals(otherwise))
        || (sent is MappedText made && otherwise is MappedText madeThere && made.Map.Equals(madeThere.Map)
            && AreAlike(mine, made.Source, theirs, madeThere.Source))
        || (Around(mine, sent), Around(theirs, otherwise)) switch
        {
            ({ } one, { } other) => one == other,
            ({ } one, null) => one.Holds(theirs, otherwise),
            (null, { } other) => other.Holds(mine, sent),
            _ => false,
        };

    // The constants around the one thing that part and text are made of.
    private static Surroundings? Around(Text part, Text text) =>
        Split(part) is var (begin, core, end) && Split(text) is var (before, same, behind) && core.Equals(same)
            ? new Surroundings(begin, end, before, behind) : null;

    private static (string Before, Text Core, string Behind)? Split(Text text)
    {
        if (text is ConstantText)
        {
            return null;
        }

        var strands = StrandsOf(text);
        var at = strands.TakeWhile(s => s is ConstantText).Count();
        return at < strands.Length && strands.Skip(at + 1).All(s => s is ConstantText)
            ? (Joined(strands.Take(at)), strands[at], Joined(strands.Skip(at + 1)))
            : null;
    }

    private static string Joined(IEnumerable<Text> constants) =>
        string.Concat(constants.Cast<ConstantText>().Select(c => c.Value));

    private sealed record Surroundings(string PartBegins, string PartEnds, string TextBegins, string TextEnds)
    {
        /// <summary>Whether a constant part and a constant text have the same between these.</summary>
        public bool Holds(Text part, Text text) =>
            part is ConstantText { Value: var key } && text is ConstantText { Value: var value }
            && key.Length >= PartBegins.Length + PartEnds.Length
            && key.StartsWith(PartBegins, StringComparison.Ordinal) && key.EndsWith(PartEnds, StringComparison.Ordinal)
            && value == $"{TextBegins}{key[PartBegins.Length..^PartEnds.Length]}{TextEnds}";
    }

    // The places of strands that may be absent.
    private static IEnumerable<int> LooseParts(SymbolicState state, Solver solver) =>
        state.Key.SelectMany((part, i) => StrandsOf(part).Where(s => MayBeNothing(state, s, solver)).Select(_ => i));

    /// <summary>
    /// How many parts, from the first one on, are surely one part: varnishd ends a part where a field is absent.
    /// </summary>
    public static int WholeParts(this SymbolicState state, Solver solver) =>
        state.Key.TakeWhile(part => !StrandsOf(part).Any(s => MayBeNothing(state, s, solver))).Count();

    private static ImmutableArray<Text> StrandsOf(Text part) => part is JoinedText joined ? joined.Parts.Items : [part];

    private static bool MayBeNothing(SymbolicState state, Text strand, Solver solver) => strand switch
    {
        ConstantText => false,
        InputText { Input: var input } =>
            input.IsOfField && solver.Of(state, input).MayBeAbsent,
        // A substitution makes something of nothing.
        MappedText { Map.Unchanged: not null } => false,
        // Sorted, a text is there when it was there before.
        MappedText { Map.Key: TextMap.SortedQuery } sorted => MayBeNothing(state, sorted.Source, solver),
        MappedText mapped =>
            solver.Reading(state, mapped.Source).AcceptsEmptyWord
            || (CookieMaps.MayBeNothing(mapped.Map) && solver.Reading(state, mapped).AcceptsEmptyWord),
        _ => true,
    };

    // The bytes that are hashed, from one part on.
    private static Language HashedFrom(this SymbolicState state, int first, Solver solver)
    {
        var end = Language.Literal("\0");
        return Language.Concat(
            state.Key.Skip(first).SelectMany(part => StrandsOf(part)
                .Select(s =>
                    MayBeNothing(state, s, solver) ? solver.Reading(state, s).Union(end, solver.Budget)
                    : solver.Reading(state, s))
                .Append(end)),
            solver.Budget);
    }

    /// <summary>
    /// Parts of keys in whose place another path, whose key may be equal, has something else that clients choose:
    /// varnishd tells the parts of a key apart by their place only.
    /// </summary>
    /// <param name="areSentAlike">Whether two paths with equal keys, part for part, send the same.</param>
    public static IEnumerable<(Completion Store, Text Part)> Collisions(IReadOnlyList<Completion> stores, Solver solver,
        Func<SymbolicState, SymbolicState, bool> areSentAlike)
    {
        var keys = stores.DistinctBy(s => s.State.Key.ToEquatableList()).ToArray();
        foreach (var one in keys)
        {
            foreach (var other in keys.Where(o =>
                !one.State.Key.SequenceEqual(o.State.Key) && !one.State.HasOtherKeyThan(o.State, solver)))
            {
                var aligned = AreAligned(one.State, other.State, solver);
                if (aligned && areSentAlike(one.State, other.State))
                {
                    continue;
                }

                for (var i = 0; i < one.State.Key.Count; i++)
                {
                    if (!aligned
                        ? !other.State.Key.Contains(one.State.Key[i])
                        : one.State.Key[i] != other.State.Key[i]
                            && other.State.Key[i].Taint.Any(s => s.IsOfClientField))
                    {
                        yield return (one, one.State.Key[i]);
                    }
                }
            }
        }
    }
}
