using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Origins;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Personal;

/// <summary>
/// All targets that an origin may resolve to a personal route. Answers for single targets fast, and from several
/// threads. Whatever cannot be decided counts as personal.
/// </summary>
public sealed class PersonalLanguage
{
    private readonly EquatableList<RoutePattern> _routes;
    private readonly OriginView _view;
    private readonly Lock _lock = new();
    private readonly bool _undecidable;
    private readonly Nfa? _paths;
    private CanonicalMatcher? _matcher;
    private Nfa? _targets;
    private bool _isTooLarge;
    private Nfa? _canonicalTargets;
    private Nfa? _dottedTargets;
    private Nfa? _undottedTargets;

    private PersonalLanguage(EquatableList<RoutePattern> routes, IEnumerable<string> profiles)
    {
        Profiles = profiles.DefaultIfEmpty(OriginProfiles.Strict).ToEquatableList();
        (_routes, _view) = (routes, OriginView.Of(Profiles));
        try
        {
            _paths = PathsOf(routes, Budget.ForProof());
        }
        catch (Exception error) when (error is RegexSyntaxException or BudgetExceededException)
        {
            // Such a policy is never proven; whoever watches nevertheless must not look away.
            _undecidable = true;
        }
    }

    /// <summary>The personal routes as they were declared.</summary>
    public EquatableList<RoutePattern> Routes => _routes;

    /// <summary>The origins that read a target, outermost first.</summary>
    public EquatableList<string> Profiles { get; }

    public static PersonalLanguage Of(PolicySet policies) =>
        Of(policies.PersonalRoutes.Select(r => r.Pattern), policies.Policy.Profiles);

    /// <summary>The routes keep their places: <see cref="Find"/> answers by index.</summary>
    public static PersonalLanguage Of(IEnumerable<RoutePattern> routes, IEnumerable<string> profiles) =>
        new(routes.ToEquatableList(), profiles);

    /// <summary>Whether an origin may resolve the target, as on the request line, to a personal route.</summary>
    public bool Matches(ReadOnlySpan<byte> target) => Find(target) is not null;

    /// <summary>
    /// The place of the first personal route that an origin may resolve the target to; null where it is none.
    /// </summary>
    public int? Find(ReadOnlySpan<byte> target)
    {
        if (_routes.Count == 0)
        {
            return null;
        }

        if (_undecidable)
        {
            return 0;
        }

        try
        {
            return CanonicalTarget.Accepts(target) ? FindCanonical(PathOf(target)) : FindOther(target);
        }
        catch (BudgetExceededException)
        {
            lock (_lock)
            {
                _matcher = null;
            }

            return 0;
        }
    }

    /// <summary>
    /// Targets whose query names a page to the origin, which may be a personal one; null where no query does. They are
    /// not in <see cref="Matches"/>: it is the query that is sent that counts.
    /// </summary>
    internal Language? InQuery => _routes.Count == 0 ? null : _view.InQuery;

    /// <summary>The path of a target that begins with a slash: what stands before the query.</summary>
    public static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> target) =>
        target.IndexOf((byte)'?') is >= 0 and var query ? target[..query] : target;

    /// <summary>
    /// The whole language, as an automaton that need not be deterministic; null where the origin's readings of odd
    /// targets are too many for one.
    /// </summary>
    /// <exception cref="BudgetExceededException">A route cannot be decided.</exception>
    internal Nfa? Targets()
    {
        var paths = DecidedPaths();
        try
        {
            return _isTooLarge ? null : _targets ??= _view.TargetsOf(paths, Budget.ForProof());
        }
        catch (BudgetExceededException)
        {
            _isTooLarge = true;
            return null;
        }
    }

    /// <summary>
    /// The targets of the language with a canonical path, as an automaton that need not be deterministic.
    /// </summary>
    /// <exception cref="BudgetExceededException">A route cannot be decided.</exception>
    internal Nfa CanonicalTargets()
    {
        return _canonicalTargets ??= Build(Budget.ForProof());

        Nfa Build(Budget budget) => DecidedPaths()
            .PreImage(_view.OnCanonicalPaths, budget).Trimmed(budget)
            .PreImage(QueryCut, budget)
            .PreImage(Transducer.CopyOf(CanonicalTarget.OfAnyQuery), budget).Trimmed(budget);
    }

    /// <summary>
    /// Targets that surely are personal to an origin that takes back the segment before a <c>..</c>: plain segments,
    /// each taken back by the next one, however that is spelled, and then a target of <see cref="CanonicalTargets"/>.
    /// Null where no origin does that.
    /// </summary>
    /// <remarks>
    /// Of <see cref="Targets"/>, which reads whatever stands before a <c>..</c> as anything, these are no
    /// over-estimate.
    /// </remarks>
    /// <exception cref="BudgetExceededException">A route cannot be decided.</exception>
    internal Nfa? DottedTargets() => !_view.ResolvesDots ? null
        : _dottedTargets ??= CanonicalTargets().PreImage(TakeBack(_view.FoldsMarks), Budget.ForProof());

    /// <summary>
    /// Of <see cref="Targets"/> those without <c>..</c>; null where they are too many for one automaton.
    /// </summary>
    /// <exception cref="BudgetExceededException">They are found too slowly.</exception>
    internal Nfa? TargetsWithoutDots() =>
        Targets() is not { } targets ? null
            : !_view.ResolvesDots ? targets
            : _undottedTargets ??= targets.PreImage(WithoutDots, Budget.ForProof());

    /// <summary>
    /// Whether an origin may resolve any of the targets, with whatever query, to a personal route. What a few targets
    /// are read as is found where <see cref="Targets"/>, what all of them are, is too much.
    /// </summary>
    /// <exception cref="BudgetExceededException">They are too many, or are read as too much.</exception>
    internal bool MayHold(Language targets, Budget budget)
    {
        var withQuery = targets.Image(QueryCut, budget).Then(AnyQuery, budget);
        return WordSearch.Find(_view.PathsOf(withQuery, budget), [DecidedPaths()], budget) is not null;
    }

    private static Language AnyQuery { get; } =
        Language.Literal("?").Then(Language.All, Budget.ForPattern()).Optional(Budget.ForPattern());

    // Origins decode, and some twice.
    private static Transducer WithoutDots { get; } = Transducer.CopyOf(
        RegexLanguage.Of(@"(?i)(?:\.|%(?:25)*2e){2}", Budget.ForProof()).May.Complement());

    // A dot is also written encoded, and, where marks are folded, as two bytes that are no UTF-8.
    private static Transducer TakeBack(bool foldsMarks)
    {
        var builder = new TransducerBuilder();
        var (start, slash, segment) = (builder.AddState(), builder.AddState(), builder.AddState());
        var (up, dot, end) = (builder.AddState(), builder.AddState(), builder.AddState());
        var rest = builder.AddState(accepting: true);
        var plain = ByteSet.Letters | ByteSet.Of('-') | ByteSet.Of('_');
        builder.Drop(start, ByteSet.Of('/'), slash).Drop(slash, plain, segment).Drop(segment, plain, segment);
        builder.Drop(segment, ByteSet.Of('/'), up);
        DropDot(up, dot);
        DropDot(dot, end);
        builder.Jump(end, start).Jump(end, rest).Copy(rest, ByteSet.All, rest);
        return builder.Build();

        void DropDot(int from, int to)
        {
            var (percent, digit) = (builder.AddState(), builder.AddState());
            builder.Drop(from, ByteSet.Of('.'), to);
            builder.Drop(from, ByteSet.Of('%'), percent).Drop(percent, ByteSet.Of('2'), digit)
                .Drop(digit, ByteSet.Of("eE"), to);
            if (foldsMarks)
            {
                var lead = builder.AddState();
                builder.Drop(from, ByteSet.Of((byte)0xc0), lead).Drop(lead, ByteSet.Of((byte)0xae), to);
            }
        }
    }

    // From a target to its path.
    private static Transducer QueryCut { get; } = CutQuery();

    private static Transducer CutQuery()
    {
        var builder = new TransducerBuilder();
        var path = builder.AddState(accepting: true);
        var query = builder.AddState(accepting: true);
        builder.Copy(path, ~ByteSet.Of('?'), path);
        builder.Drop(path, ByteSet.Of('?'), query);
        builder.Drop(query, ByteSet.All, query);
        return builder.Build();
    }

    private Nfa DecidedPaths() =>
        _undecidable || _paths is null
            ? throw new BudgetExceededException("a personal route cannot be decided")
            : _paths;

    /// <summary>
    /// The paths of the personal routes as an origin names them, route <c>i</c> tagged <c>2i</c> where it may match and
    /// <c>2i + 1</c> where it surely does.
    /// </summary>
    internal static Nfa PathsOf(EquatableList<RoutePattern> routes, Budget budget, RegexCache? regexes = null)
    {
        var trie = new RouteTrie(budget, regexes);
        for (var i = 0; i < routes.Count; i++)
        {
            trie.Add(routes[i], 2 * i, (2 * i) + 1);
            if (Decoded(routes[i]) is { } decoded)
            {
                trie.Add(decoded, 2 * i, (2 * i) + 1);
            }
        }

        return trie.Build();
    }

    private int? FindCanonical(ReadOnlySpan<byte> path)
    {
        lock (_lock)
        {
            _matcher = _matcher is { IsFull: false } ? _matcher : new CanonicalMatcher(_view.OnCanonicalPaths, _paths!);
            return _matcher.Run(path) is [var tag, ..] ? tag / 2 : null;
        }
    }

    private int? FindOther(ReadOnlySpan<byte> target)
    {
        var budget = Budget.ForPattern();
        var readings = _view.PathsOf(target, budget);
        var classes = ByteClasses.Merge(readings.Classes, _paths!.Classes());
        var routes = new LazyDfa(_paths, classes, budget);
        var seen = new HashSet<(int, int)> { (0, routes.Start) };
        var pending = new Queue<(int Reading, int Route)>(seen);
        int? first = null;
        while (pending.TryDequeue(out var pair))
        {
            if (readings.IsAccepting(pair.Reading) && routes.Tags(pair.Route) is [var tag, ..])
            {
                first = Math.Min(first ?? int.MaxValue, tag / 2);
            }

            foreach (var arc in routes.Row(pair.Route))
            {
                var next = (readings.Step(pair.Reading, classes.Representative(arc.Class)), arc.To);
                if (!readings.IsDead(next.Item1) && seen.Add(next))
                {
                    budget.Spend(1);
                    pending.Enqueue(next);
                }
            }
        }

        return first;
    }

    /// <summary>A route written with percent-encoded bytes also names the path that they stand for.</summary>
    private static RoutePattern? Decoded(RoutePattern pattern) => pattern switch
    {
        ExactPath { Path: var text } when text.Contains('%') => new ExactPath(Decode(text)),
        PathPrefix { Prefix: var text } when text.Contains('%') => new PathPrefix(Decode(text)),
        PathTemplate { Template: var text } when text.Contains('%') => new PathTemplate(Decode(text)),
        _ => null,
    };

    private static string Decode(string text) => Uri.UnescapeDataString(text);
}
