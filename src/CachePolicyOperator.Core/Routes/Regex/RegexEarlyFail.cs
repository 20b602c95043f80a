using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// Patterns that the JIT compiler of PCRE2 10.42 and its like, which varnishd uses, may find no match of where there is
/// one: a choice with a branch of bytes before a branch of nothing, as in <c>(?:my|)[a-z]*page</c>, and behind it a
/// repeat of single bytes. Where the repeat failed behind the first branch, it is not tried again from before there, as
/// it should be for the other one. And patterns that no way of matching begins to look at where they should: a
/// look-ahead whose branches begin with one letter, here with its case and there without, as in <c>(?=p|(?i)page)</c>;
/// only the first branch's letter is looked for.
/// </summary>
internal static class RegexEarlyFail
{
    public static bool MayMiss(RegexNode pattern) =>
        !IsAnchored(pattern) && (Any(pattern, null) || Looks(pattern).Any(HasBeginningsAlike));

    private static IEnumerable<RegexLook> Looks(RegexNode node) => node switch
    {
        RegexLook look => Looks(look.Body).Prepend(look),
        RegexSequence sequence => sequence.Parts.Items.SelectMany(Looks),
        RegexAlternation alternation => alternation.Branches.Items.SelectMany(Looks),
        RegexRepeat repeat => Looks(repeat.Body),
        RegexGroup group => Looks(group.Body),
        RegexAtomic atomic => Looks(atomic.Body),
        RegexApproximation approximation => Looks(approximation.May),
        _ => [],
    };

    private static bool HasBeginningsAlike(RegexLook look)
    {
        ByteSet[] beginnings = [.. Beginnings(look.Body).Distinct()];
        return look is { Ahead: true, Negative: false }
            && beginnings.Any(one => beginnings.Any(other => other != one && !(one & other).IsEmpty));
    }

    // The first byte of each branch.
    private static IEnumerable<ByteSet> Beginnings(RegexNode node) => node switch
    {
        RegexBytes bytes => [bytes.Set],
        RegexSequence { Parts: { Count: > 0 } parts } =>
            Beginnings(parts.Items.FirstOrDefault(p => p is not RegexAnchor and not RegexLook { Negative: true })
            ?? RegexNode.Empty),
        RegexAlternation alternation => alternation.Branches.Items.SelectMany(Beginnings),
        RegexRepeat repeat => Beginnings(repeat.Body),
        RegexGroup group => Beginnings(group.Body),
        RegexAtomic atomic => Beginnings(atomic.Body),
        RegexLook look => Beginnings(look.Body),
        RegexApproximation approximation => Beginnings(approximation.May),
        _ => [],
    };

    private static bool IsAnchored(RegexNode node) => node switch
    {
        RegexAnchor anchor => anchor.Kind == RegexAnchorKind.Start,
        RegexSequence { Parts.Count: > 0 } sequence => IsAnchored(sequence.Parts[0]),
        RegexAlternation alternation => alternation.Branches.Items.All(IsAnchored),
        RegexGroup group => IsAnchored(group.Body),
        _ => false,
    };

    private static bool Any(RegexNode node, Following? after) => node switch
    {
        RegexSequence sequence => AnyOf(sequence.Parts, after),
        RegexAlternation alternation =>
            IsMissed(alternation, after) || alternation.Branches.Items.Any(b => Any(b, after)),
        RegexRepeat { Most: 1 } repeat => Any(repeat.Body, after),
        RegexRepeat repeat => Any(repeat.Body, new Following(repeat, after)),
        RegexGroup group => Any(group.Body, after),
        RegexAtomic atomic => Any(atomic.Body, after),
        RegexLook look => Any(look.Body, null),
        RegexApproximation approximation => Any(approximation.May, after),
        _ => false,
    };

    // From the last part on, so that each adds itself to what follows those before it.
    private static bool AnyOf(EquatableList<RegexNode> parts, Following? after)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (Any(parts[i], after))
            {
                return true;
            }

            after = new Following(parts[i], after);
        }

        return false;
    }

    // Nothing is missed where what follows cannot begin within what the first branches take.
    private static bool IsMissed(RegexAlternation choice, Following? after)
    {
        var last = choice.Branches.Items.Select((branch, i) => MayBeEmpty(branch) ? i : 0).Max();
        var taken = choice.Branches.Items.Take(last).Aggregate(ByteSet.Empty, (set, branch) => set | BytesOf(branch));
        return !taken.IsEmpty && All(after).Any(Repeats)
            && (All(after).All(MayBeEmpty)
                || !(taken & All(after).Take(1 + All(after).TakeWhile(MayBeEmpty).Count())
                .Aggregate(ByteSet.Empty, (set, n) => set | BytesOf(n))).IsEmpty);
    }

    private static IEnumerable<RegexNode> All(Following? after)
    {
        for (; after is not null; after = after.Rest)
        {
            yield return after.Node;
        }
    }

    private static bool Repeats(RegexNode node) => node switch
    {
        RegexRepeat { Most: null or > 1, Body: RegexBytes } => true,
        RegexRepeat repeat => Repeats(repeat.Body),
        RegexSequence sequence => sequence.Parts.Items.Any(Repeats),
        RegexAlternation alternation => alternation.Branches.Items.Any(Repeats),
        RegexGroup group => Repeats(group.Body),
        RegexAtomic atomic => Repeats(atomic.Body),
        RegexApproximation approximation => Repeats(approximation.May),
        _ => false,
    };

    private static bool MayBeEmpty(RegexNode node) => node switch
    {
        RegexBytes => false,
        RegexSequence sequence => sequence.Parts.Items.All(MayBeEmpty),
        RegexAlternation alternation => alternation.Branches.Items.Any(MayBeEmpty),
        RegexRepeat repeat => repeat.Least == 0 || MayBeEmpty(repeat.Body),
        RegexGroup group => MayBeEmpty(group.Body),
        RegexAtomic atomic => MayBeEmpty(atomic.Body),
        _ => true,
    };

    private static ByteSet BytesOf(RegexNode node) => node switch
    {
        RegexBytes bytes => bytes.Set,
        RegexSequence sequence => sequence.Parts.Items.Aggregate(ByteSet.Empty, (set, n) => set | BytesOf(n)),
        RegexAlternation alternation =>
            alternation.Branches.Items.Aggregate(ByteSet.Empty, (set, n) => set | BytesOf(n)),
        RegexRepeat repeat => BytesOf(repeat.Body),
        RegexGroup group => BytesOf(group.Body),
        RegexAtomic atomic => BytesOf(atomic.Body),
        RegexApproximation => ByteSet.All,
        _ => ByteSet.Empty,
    };

    /// <summary>What is matched behind a node, the next one first.</summary>
    private sealed record Following(RegexNode Node, Following? Rest);
}
