using System.Text;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>A path that a rule would cache and that an origin may resolve to a personal route.</summary>
/// <param name="Rule">Place of the rule.</param>
/// <param name="Route">Place of the personal route.</param>
/// <param name="Surely">Both patterns surely match; otherwise one of them cannot be decided exactly.</param>
internal sealed record Leak(int Rule, int Route, string Path, bool Surely);

/// <summary>
/// Walks the rules, the canonical paths, the origin's readings and the personal routes in step, shortest paths first.
/// Nothing is built beyond what such a walk reaches, so that thousands of rules and routes that have nothing in common
/// cost next to nothing.
/// </summary>
internal sealed class LeakSearch
{
    private const int MaxLeaks = 32;

    private readonly ModelFacts _facts;
    private readonly ByteClasses _classes;
    private readonly LazyDfa _rules;
    private readonly LazyDfa _personal;
    private readonly Language _canonical;
    private readonly int _notCanonical;
    private readonly Transducer _readings;
    private readonly ReadingRow?[] _rows;
    private readonly ReadingReach _reach;
    private readonly Dictionary<Node, int> _numbers = [];
    private readonly List<(Node Node, int Parent, byte? Byte)> _nodes = [];
    private readonly SortedDictionary<int, Leak> _leaks = [];

    public LeakSearch(ModelFacts facts)
    {
        _facts = facts;
        _canonical = CanonicalTarget.Path;
        _notCanonical = Enumerable.Range(0, _canonical.StateCount).Single(_canonical.IsDead);
        _readings = facts.Origin.OnCanonicalPaths;
        var sets = facts.RuleIndex.Paths.EachSet().Concat(facts.PersonalPaths.EachSet()).Concat(_readings.EachSet());
        _classes = ByteClasses.Merge(ByteClasses.Of(sets), _canonical.Classes);
        _rules = new LazyDfa(facts.RuleIndex.Paths, _classes, facts.Budget);
        _personal = new LazyDfa(facts.PersonalPaths, _classes, facts.Budget);
        _rows = new ReadingRow[_readings.StateCount];
        _reach = new ReadingReach(_readings, _personal, _classes, facts.Budget);
    }

    /// <summary>At most one leak for each rule, by rule; empty is the proof that there is none.</summary>
    public IReadOnlyCollection<Leak> Run()
    {
        var level = new List<int>();
        Visit(new Node(_rules.Start, 0, Transducer.Start, _personal.Start), -1, null, level);
        while (level.Count > 0 && _leaks.Values.Count(l => l.Surely) < MaxLeaks)
        {
            var next = new List<int>();

            // Steps that read nothing lead to nodes of the same level.
            for (var i = 0; i < level.Count; i++)
            {
                Look(level[i]);
                Expand(level[i], level, next);
            }

            level = next;
        }

        return _leaks.Values;
    }

    private void Expand(int number, List<int> level, List<int> next)
    {
        var node = _nodes[number].Node;
        var row = _rows[node.Reading] ??= new ReadingRow(_readings.ArcsOf(node.Reading), _classes);
        foreach (var (output, to) in row.Silent)
        {
            _facts.Budget.Spend(1);
            Write(node with { Reading = to }, output, -1, number, null, level);
        }

        // Rules go along with few bytes almost everywhere, origins with most: so the rules lead the way.
        foreach (var (byteClass, rule) in _rules.Row(node.Rule))
        {
            var value = _classes.Representative(byteClass);
            var canonical = _canonical.Step(node.Canonical, value);
            _facts.Budget.Spend(1);
            if (rule == LazyDfa.Dead || canonical == _notCanonical)
            {
                continue;
            }

            foreach (var (output, to) in row.Reading(byteClass))
            {
                _facts.Budget.Spend(1);
                Write(new Node(rule, canonical, to, node.Personal), output, byteClass, number, value, next);
            }
        }
    }

    private void Write(Node node, int output, int byteClass, int parent, byte? value, List<int> level)
    {
        if (output is Transducer.Any or Transducer.AnyInLine)
        {
            foreach (var arc in _personal.Row(node.Personal))
            {
                Visit(node with { Personal = arc.To }, parent, value, level);
            }

            return;
        }

        var personal = Personal(node.Personal, output, byteClass);
        if (personal != LazyDfa.Dead)
        {
            Visit(node with { Personal = personal }, parent, value, level);
        }
    }

    private int Personal(int state, int output, int byteClass) => output switch
    {
        Transducer.Nothing => state,
        Transducer.Copy => _personal.Step(state, byteClass),
        _ => _personal.Step(state, _classes[(byte)output]),
    };

    private void Visit(Node node, int parent, byte? value, List<int> level)
    {
        if (_reach.MayReach(node.Reading, node.Personal) && _numbers.TryAdd(node, _nodes.Count))
        {
            _facts.Budget.Store(12);
            _facts.Budget.Spend(4);
            level.Add(_nodes.Count);
            _nodes.Add((node, parent, value));
        }
    }

    private void Look(int number)
    {
        var node = _nodes[number].Node;
        if (!_canonical.IsAccepting(node.Canonical) || !_readings.IsAccepting(node.Reading)
            || _personal.Tags(node.Personal) is not [var tag, ..] personal)
        {
            return;
        }

        foreach (var (rule, ruleSurely) in _facts.RuleIndex.Deciding(_rules.Tags(node.Rule)))
        {
            if (ModelFacts.Caches(_facts.Rules[rule]))
            {
                var sure = personal.Where(t => t % 2 != 0).Select(t => (int?)t).FirstOrDefault();
                var surely = ruleSurely && sure is not null;
                if (!_leaks.TryGetValue(rule, out var known) || (surely && !known.Surely))
                {
                    _leaks[rule] = new Leak(rule, (sure ?? tag) / 2, PathTo(number), surely);
                }
            }
        }
    }

    private string PathTo(int number)
    {
        var path = new List<byte>();
        for (var i = number; i >= 0; i = _nodes[i].Parent)
        {
            if (_nodes[i].Byte is { } value)
            {
                path.Add(value);
            }
        }

        path.Reverse();
        return Encoding.Latin1.GetString([.. path]);
    }

    private readonly record struct Node(int Rule, int Canonical, int Reading, int Personal);
}
