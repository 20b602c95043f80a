using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// <c>regsub</c> and <c>regsuball</c> as machines that make of a text exactly what varnishd makes of it. The machine
/// guesses the match that PCRE2 takes, and walks beside it every match that PCRE2 would prefer: begun earlier, or by a
/// preferred way from the same place. Where one of those succeeds the guess was wrong and the walk ends.
/// </summary>
internal sealed class SubstitutionTransducer
{
    private const int AtEndOnly = -2;

    private readonly TransducerBuilder _builder = new();
    private readonly Dictionary<Place, int> _numbers = [];
    private readonly Queue<Place> _pending = new();
    private readonly Dictionary<int[], int> _rivalNumbers = new(ArrayComparer<int>.Instance);
    private readonly List<int[]> _rivals = [];
    private readonly List<int[]?> _nextRivals = [];
    private readonly Dictionary<(int Rivals, int Rival), int> _joined = [];
    private readonly BacktrackingNfa _pattern;
    private readonly SubstitutionTemplate _template;
    private readonly ByteClasses _classes;
    private readonly ByteSet[] _members;
    private readonly bool _all;
    private readonly Budget _budget;

    private SubstitutionTransducer(BacktrackingNfa pattern, SubstitutionTemplate template, bool all, Budget budget)
    {
        (_pattern, _template, _all, _budget) = (pattern, template, all, budget);
        _classes = ByteClasses.Of(pattern.EachSet());
        _members = [.. Enumerable.Range(0, _classes.Count).Select(_classes.Members)];
    }

    private enum Phase
    {
        Searching,
        Matching,
        Copying,
        Ended,
    }

    /// <summary>
    /// The machine; null where the pattern or the replacement is beyond it: look-around, groups out of order or in
    /// loops.
    /// </summary>
    /// <param name="pattern">As written; only ASCII, or valid UTF-8.</param>
    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    /// <exception cref="BudgetExceededException">The machine would be too big.</exception>
    public static Transducer? Of(string pattern, string replacement, bool all, Budget budget)
    {
        RegexNode node = new RegexGroup(RegexParser.ParseWithGroups(pattern), 0);
        var groups = GroupsOf(node).ToArray();
        var template = new SubstitutionTemplate(replacement, groups.Length - 1);
        var isOrdered = template.Groups.Zip(template.Groups.Skip(1)).All(pair => pair.First < pair.Second);
        var isNested = GroupsOf(node).Where(g => template.Groups.Contains(g.Number))
            .Any(g => GroupsOf(g.Body).Any(inner => template.Groups.Contains(inner.Number)));
        var isAmbiguous = groups.GroupBy(g => g.Number).Any(g => g.Skip(1).Any() && template.Groups.Contains(g.Key));
        return !isOrdered || isNested || isAmbiguous || BacktrackingNfa.Of(node, template.Groups) is not { } machine
            ? null
            : new SubstitutionTransducer(machine, template, all, budget).Build();
    }

    private static IEnumerable<RegexGroup> GroupsOf(RegexNode node) => node switch
    {
        RegexGroup group => GroupsOf(group.Body).Prepend(group),
        RegexSequence sequence => sequence.Parts.Items.SelectMany(GroupsOf),
        RegexAlternation alternation => alternation.Branches.Items.SelectMany(GroupsOf),
        RegexRepeat repeat => GroupsOf(repeat.Body),
        RegexAtomic atomic => GroupsOf(atomic.Body),
        RegexLook look => GroupsOf(look.Body),
        _ => [],
    };

    private Transducer Build()
    {
        _ = NumberOf(new Place(Phase.Searching, 0, RivalsOf([]), true, false, 0, false));
        while (_pending.TryDequeue(out var place))
        {
            _budget.Spend(10);
            _budget.Store(10);
            var state = _numbers[place];
            switch (place.Phase)
            {
                case Phase.Searching:
                    Search(place, state);
                    break;
                case Phase.Matching:
                    Continue(place, state);
                    break;
                case Phase.Copying:
                    _builder.SetAccepting(state, !MatchesAtEnd(place.Rivals));
                    Read(place, state, place.Rivals, place, Transducer.Copy);
                    break;
                case Phase.Ended:
                    _builder.SetAccepting(state, !MatchesAtEnd(place.Rivals));
                    break;
            }
        }

        return _builder.Build().Trimmed(_budget);
    }

    // Between matches: nothing that begins here, or began before, may match.
    private void Search(Place place, int state)
    {
        RegexStep[] steps =
            [.. _pattern.First(place.AtStart).Where(s => s.Node != BacktrackingNfa.Match || !place.NotEmpty)];
        _builder.SetAccepting(state, !MatchesAtEnd(place.Rivals) && steps.All(s => s.Node != BacktrackingNfa.Match));
        if (!steps.Any(s => s is { Node: BacktrackingNfa.Match, AtEnd: false }))
        {
            Read(place, state, steps.Aggregate(place.Rivals, With), place with { AtStart = false }, Transducer.Copy);
        }

        Choose(place, steps, (target, inserted) => Jump(state, inserted, target));
    }

    private void Continue(Place place, int state)
    {
        var steps = _pattern.After(place.Node);
        foreach (var c in _classes.ClassesOf(_pattern.SetOf(place.Node)))
        {
            if (Step(place.Rivals, c) is { } rivals)
            {
                var here = place with { Rivals = rivals, AtStart = false };
                Choose(here, steps, (target, inserted) =>
                    Arc(state, new TransducerArc(_members[c], place.Copying ? Transducer.Copy : Transducer.Nothing, 0),
                        inserted, target));
            }
        }
    }

    /// <summary>Takes each of the steps in turn; those before it become rivals.</summary>
    private void Choose(Place place, RegexStep[] steps, Action<Place, byte[]> take)
    {
        var rivals = place.Rivals;
        foreach (var step in steps)
        {
            var (emitted, copying, inserted) = Follow(place, step.Marks);
            if (step.Node != BacktrackingNfa.Match)
            {
                take(new Place(Phase.Matching, step.Node, rivals, place.AtStart, false, emitted, copying), inserted);
                rivals = With(rivals, step);
                continue;
            }

            byte[] rest = [.. inserted, .. _template.From(emitted)];
            var after = step.AtEnd ? new Place(Phase.Ended, 0, rivals, false, false, 0, false)
                : _all ? new Place(Phase.Searching, 0, rivals, place.AtStart, true, 0, false)
                : new Place(Phase.Copying, 0, rivals, false, false, 0, false);
            take(after, rest);
            if (!step.AtEnd)
            {
                return;
            }

            rivals = With(rivals, step);
        }
    }

    private (int Emitted, bool Copying, byte[] Inserted) Follow(Place place, EquatableList<int> marks)
    {
        var (emitted, copying) = (place.Emitted, place.Copying);
        var inserted = new List<byte>();
        foreach (var mark in marks)
        {
            copying = mark >= 0;
            if (mark >= 0)
            {
                var at = _template.PlaceOf(mark);
                inserted.AddRange(_template.Between(emitted, at));
                emitted = at + 1;
            }
        }

        return (emitted, copying, [.. inserted]);
    }

    private void Read(Place place, int state, int rivals, Place next, int output)
    {
        for (var c = 0; c < _classes.Count; c++)
        {
            if (Step(rivals, c) is { } stepped)
            {
                _builder.AddArc(
                    state, new TransducerArc(_members[c], output, NumberOf(next with { Rivals = stepped })));
            }
        }
    }

    private void Jump(int from, byte[] inserted, Place target)
    {
        if (inserted.Length == 0)
        {
            _builder.Jump(from, NumberOf(target));
        }
        else
        {
            Insert(from, inserted, target);
        }
    }

    private void Arc(int from, TransducerArc arc, byte[] inserted, Place target)
    {
        if (inserted.Length == 0)
        {
            _builder.AddArc(from, arc with { To = NumberOf(target) });
            return;
        }

        var between = _builder.AddState();
        _builder.AddArc(from, arc with { To = between });
        Insert(between, inserted, target);
    }

    private void Insert(int from, byte[] inserted, Place target)
    {
        _budget.Store(inserted.Length * 6L);
        for (var i = 0; i < inserted.Length; i++)
        {
            var to = i == inserted.Length - 1 ? NumberOf(target) : _builder.AddState();
            _builder.AddArc(from, new TransducerArc(ByteSet.Empty, inserted[i], to));
            from = to;
        }
    }

    private int NumberOf(Place place)
    {
        if (!_numbers.TryGetValue(place, out var number))
        {
            _budget.Store(16);
            _numbers.Add(place, number = _builder.AddState());
            _pending.Enqueue(place);
        }

        return number;
    }

    private bool MatchesAtEnd(int rivals) => _rivals[rivals] is [AtEndOnly, ..];

    private int With(int rivals, RegexStep step)
    {
        var rival = step.Node == BacktrackingNfa.Match ? AtEndOnly : step.Node;
        if (!_joined.TryGetValue((rivals, rival), out var joined))
        {
            _budget.Spend(_rivals[rivals].Length + 1);
            _joined.Add((rivals, rival), joined = RivalsOf(_rivals[rivals].Append(rival)));
        }

        return joined;
    }

    private int RivalsOf(IEnumerable<int> nodes)
    {
        int[] sorted = [.. nodes.Distinct().Order()];
        if (!_rivalNumbers.TryGetValue(sorted, out var number))
        {
            _budget.Store(sorted.Length + 10L + _classes.Count);
            _rivalNumbers.Add(sorted, number = _rivals.Count);
            _rivals.Add(sorted);
            _nextRivals.Add(null);
        }

        return number;
    }

    /// <summary>The rivals after a byte; null where one of them has matched.</summary>
    private int? Step(int rivals, int byteClass)
    {
        var row = _nextRivals[rivals] ??= [.. Enumerable.Repeat(int.MinValue, _classes.Count)];
        if (row[byteClass] == int.MinValue)
        {
            _budget.Spend(_rivals[rivals].Length + 1);
            row[byteClass] = StepAnew(_rivals[rivals], _classes.Representative(byteClass)) ?? -1;
        }

        return row[byteClass] < 0 ? null : row[byteClass];
    }

    private int? StepAnew(int[] rivals, byte value)
    {
        var next = new HashSet<int>();
        foreach (var rival in rivals.Where(r => r >= 0 && _pattern.SetOf(r).Contains(value)))
        {
            foreach (var step in _pattern.After(rival))
            {
                if (step is { Node: BacktrackingNfa.Match, AtEnd: false })
                {
                    return null;
                }

                next.Add(step.Node == BacktrackingNfa.Match ? AtEndOnly : step.Node);
            }
        }

        return RivalsOf(next);
    }

    /// <param name="NotEmpty">After the first match an empty one does not count.</param>
    /// <param name="Emitted">How many places of the replacement are behind.</param>
    /// <param name="Copying">Inside a group that is copied.</param>
    private readonly record struct Place(
        Phase Phase, int Node, int Rivals, bool AtStart, bool NotEmpty, int Emitted, bool Copying);
}
