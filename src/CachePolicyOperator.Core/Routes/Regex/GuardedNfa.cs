using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>What the byte before a place is; a set of them is a mask.</summary>
[Flags]
internal enum Before
{
    Start = 1,
    Newline = 2,
    Word = 4,
    Other = 8,
    Anything = Start | Newline | Word | Other,
}

/// <summary>
/// When an arc that reads nothing may be taken: what stands before (a mask, and look-behinds by number), and what must
/// still follow (look-aheads by number).
/// </summary>
internal readonly record struct Guard(Before Before, int Behind, bool BehindNegative, int Ahead)
{
    public const int None = -1;

    public static Guard Free { get; } = new(Before.Anything, None, false, None);
}

/// <summary>A nondeterministic automaton whose silent arcs are guarded by what stands around them.</summary>
internal sealed class GuardedNfa(Budget budget)
{
    private readonly List<List<(ByteSet Set, int To)>> _arcs = [];
    private readonly List<List<(Guard Guard, int To)>> _silent = [];

    public int StateCount => _arcs.Count;

    /// <summary>For each look-ahead: what must follow, for each kind of byte before it.</summary>
    public List<Language[]> Aheads { get; } = [];

    /// <summary>For each look-behind: what the text up to here must be.</summary>
    public List<Language> Behinds { get; } = [];

    public int AddState()
    {
        budget.Store(12);
        budget.Spend(1);
        _arcs.Add([]);
        _silent.Add([]);
        return _arcs.Count - 1;
    }

    public void AddArc(int from, ByteSet set, int to) => _arcs[from].Add((set, to));

    public void AddSilent(int from, Guard guard, int to) => _silent[from].Add((guard, to));

    public List<(ByteSet Set, int To)> ArcsOf(int state) => _arcs[state];

    public List<(Guard Guard, int To)> SilentOf(int state) => _silent[state];

    public IEnumerable<ByteSet> Sets() => _arcs.SelectMany(a => a).Select(a => a.Set).Distinct();
}
