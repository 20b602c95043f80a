using System.Collections.Immutable;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// Where a match can go next: to a node that reads a byte, or to its end.
/// </summary>
/// <param name="Node">The node that reads; <see cref="BacktrackingNfa.Match"/> where the match is complete.</param>
/// <param name="AtEnd">Only at the end of the text.</param>
/// <param name="Marks">Groups that open (<c>+ number</c>) and close (<c>~number</c>) on the way.</param>
internal readonly record struct RegexStep(int Node, bool AtEnd, EquatableList<int> Marks);

/// <summary>
/// A pattern as PCRE2's matcher walks it: the ways on from each place, the preferred one first. Which of several
/// matches is taken follows from that order alone.
/// </summary>
internal sealed class BacktrackingNfa
{
    /// <summary>Stands for a complete match in <see cref="RegexStep.Node"/>.</summary>
    public const int Match = -1;

    private const int MaxNodes = 4_000;

    private readonly List<Node> _nodes = [];
    private readonly IReadOnlyCollection<int> _wanted;
    private readonly Dictionary<(int, bool), RegexStep[]> _steps = [];
    private readonly int _start;

    private BacktrackingNfa(RegexNode pattern, IReadOnlyCollection<int> wanted)
    {
        _wanted = wanted;
        var end = Add(new Node(NodeKind.Match, ByteSet.Empty, 0, 0));
        _start = Add(pattern, end, inLoop: false);
    }

    private enum NodeKind
    {
        Byte,
        Split,
        Start,
        End,
        Mark,
        Match,
    }

    public IEnumerable<ByteSet> EachSet() => _nodes.Where(n => n.Kind == NodeKind.Byte).Select(n => n.Set).Distinct();

    /// <summary>The pattern as a machine; null where it has parts whose preference no such machine describes.</summary>
    /// <param name="wanted">The groups whose place in the text matters.</param>
    public static BacktrackingNfa? Of(RegexNode pattern, IReadOnlyCollection<int> wanted)
    {
        try
        {
            return new BacktrackingNfa(pattern, wanted);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The bytes that a node reads.</summary>
    public ByteSet SetOf(int node) => _nodes[node].Set;

    /// <summary>The first steps of a match, the preferred one first.</summary>
    public RegexStep[] First(bool atStart) => Steps(_start, atStart);

    /// <summary>The steps after a node has read its byte, the preferred one first.</summary>
    public RegexStep[] After(int node) => Steps(_nodes[node].Next, atStart: false);

    private RegexStep[] Steps(int from, bool atStart)
    {
        if (!_steps.TryGetValue((from, atStart), out var steps))
        {
            var found = new List<RegexStep>();
            Walk(from, atStart, false, [], [], found);
            _steps.Add((from, atStart), steps = [.. found]);
        }

        return steps;
    }

    // What is reached a second time, with less preference, can never be taken: the first way matches whenever this one
    // does.
    private void Walk(
        int at, bool atStart, bool atEnd, ImmutableArray<int> marks, HashSet<(int, bool)> seen, List<RegexStep> found)
    {
        if (seen.Contains((at, false)) || !seen.Add((at, atEnd)))
        {
            return;
        }

        var node = _nodes[at];
        switch (node.Kind)
        {
            case NodeKind.Byte when !atEnd:
                found.Add(new RegexStep(at, false, new(marks)));
                break;
            case NodeKind.Match:
                found.Add(new RegexStep(Match, atEnd, new(marks)));
                break;
            case NodeKind.Split:
                Walk(node.Next, atStart, atEnd, marks, seen, found);
                Walk(node.Other, atStart, atEnd, marks, seen, found);
                break;
            case NodeKind.Start when atStart:
                Walk(node.Next, atStart, atEnd, marks, seen, found);
                break;
            case NodeKind.End:
                Walk(node.Next, atStart, true, marks, seen, found);
                break;
            case NodeKind.Mark:
                Walk(node.Next, atStart, atEnd, marks.Add(node.Other), seen, found);
                break;
        }
    }

    private int Add(Node node)
    {
        if (_nodes.Count >= MaxNodes)
        {
            throw new NotSupportedException("the pattern is too large");
        }

        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    private int Split(int preferred, int other) => Add(new Node(NodeKind.Split, ByteSet.Empty, preferred, other));

    /// <summary>Adds a pattern that goes on to a node, and hands back where it begins.</summary>
    private int Add(RegexNode pattern, int next, bool inLoop)
    {
        switch (pattern)
        {
            case RegexBytes bytes:
                return Add(new Node(NodeKind.Byte, bytes.Set, next, 0));
            case RegexSequence sequence:
                return sequence.Parts.Items.Reverse().Aggregate(next, (at, part) => Add(part, at, inLoop));
            case RegexAlternation { Branches.Count: > 0 } alternation:
                int[] branches = [.. alternation.Branches.Items.Select(b => Add(b, next, inLoop))];
                return branches.SkipLast(1).Reverse().Aggregate(branches[^1], (rest, branch) => Split(branch, rest));
            case RegexRepeat { Possessive: false } repeat:
                return AddRepeat(repeat, next, inLoop);
            case RegexGroup group when !_wanted.Contains(group.Number):
                return Add(group.Body, next, inLoop);
            case RegexGroup group when !inLoop:
                var close = Add(new Node(NodeKind.Mark, ByteSet.Empty, next, ~group.Number));
                return Add(new Node(NodeKind.Mark, ByteSet.Empty, Add(group.Body, close, inLoop), group.Number));
            case RegexAnchor { Kind: RegexAnchorKind.Start }:
                return Add(new Node(NodeKind.Start, ByteSet.Empty, next, 0));
            case RegexAnchor { Kind: RegexAnchorKind.End or RegexAnchorKind.EndOrFinalNewline }:
                return Add(new Node(NodeKind.End, ByteSet.Empty, next, 0));
            default:
                throw new NotSupportedException($"the order of matches of {pattern.GetType().Name} is not described");
        }
    }

    private int AddRepeat(RegexRepeat repeat, int next, bool inLoop)
    {
        inLoop |= repeat.Most is null or > 1;
        var at = next;
        if (repeat.Most is null)
        {
            // PCRE2 ends a loop whose round matched nothing; that rule is not described here.
            if (MayBeEmpty(repeat.Body))
            {
                throw new NotSupportedException("a round of a loop may match nothing");
            }

            var loop = Split(0, 0);
            var body = Add(repeat.Body, loop, inLoop);
            _nodes[loop] = Choice(repeat, body, next);
            at = loop;
        }
        else
        {
            for (var i = repeat.Least; i < repeat.Most; i++)
            {
                var choice = Choice(repeat, Add(repeat.Body, at, inLoop), next);
                at = Add(choice);
            }
        }

        for (var i = 0; i < repeat.Least; i++)
        {
            at = Add(repeat.Body, at, inLoop);
        }

        return at;
    }

    private static Node Choice(RegexRepeat repeat, int body, int next) =>
        repeat.Lazy
            ? new Node(NodeKind.Split, ByteSet.Empty, next, body)
            : new Node(NodeKind.Split, ByteSet.Empty, body, next);

    private static bool MayBeEmpty(RegexNode pattern) => pattern switch
    {
        RegexBytes => false,
        RegexSequence sequence => sequence.Parts.Items.All(MayBeEmpty),
        RegexAlternation alternation => alternation.Branches.Items.Any(MayBeEmpty),
        RegexRepeat repeat => repeat.Least == 0 || MayBeEmpty(repeat.Body),
        RegexGroup group => MayBeEmpty(group.Body),
        _ => true,
    };

    /// <param name="Other">Of a split the second way; of a mark the group.</param>
    private readonly record struct Node(NodeKind Kind, ByteSet Set, int Next, int Other);
}
