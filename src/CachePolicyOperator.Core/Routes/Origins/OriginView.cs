using System.Collections.Concurrent;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>
/// What an origin may resolve a target to (N(target) of DESIGN §2): a chain of profiles, or, where the list has
/// <see cref="OriginProfiles.Or"/>, one of several chains, whichever is asked.
/// </summary>
internal sealed class OriginView
{
    private const int MaxCached = 64;

    private static readonly ConcurrentDictionary<string, OriginView> Cache = new();

    private readonly OriginChain[] _chains;
    private readonly Lazy<Transducer> _onCanonicalPaths;
    private readonly Lazy<Language?> _inQuery;

    private OriginView(IEnumerable<string> ids)
    {
        _chains = [.. OriginProfiles.ChainsOf(ids).Select(chain => new OriginChain(chain))];
        PathParameters = _chains.SelectMany(c => c.PathParameters.Items).Distinct().ToEquatableList();
        _inQuery = new(() => PathParameters.Count == 0 ? null : PathInQuery(PathParameters));
        _onCanonicalPaths = new(() => Transducer.Union([.. _chains.Select(c => c.OnCanonicalPaths)]));
    }

    /// <summary>
    /// All of it as one machine that takes canonical paths (and few others). Most of what origins do needs a target
    /// that is not canonical, so this one is small.
    /// </summary>
    public Transducer OnCanonicalPaths => _onCanonicalPaths.Value;

    /// <summary>Query parameters that name the page for one of the origins.</summary>
    public EquatableList<string> PathParameters { get; }

    /// <summary>Whether <c>/a/../me</c> is <c>/me</c> to any of the origins.</summary>
    public bool ResolvesDots => Array.Exists(_chains, c => c.ResolvesDots);

    /// <summary>Whether malformed UTF-8 is punctuation to an origin that resolves dots.</summary>
    public bool FoldsMarks => Array.Exists(_chains, c => c.FoldsMarks);

    /// <summary>Targets whose query names the page, whatever their path is; null where no query does.</summary>
    public Language? InQuery => _inQuery.Value;

    public static OriginView Of(IEnumerable<string> profiles)
    {
        string[] ids = [.. profiles];
        var key = string.Join(' ', ids);
        if (Cache.TryGetValue(key, out var view))
        {
            return view;
        }

        view = new OriginView(ids);
        if (Cache.Count < MaxCached)
        {
            Cache.TryAdd(key, view);
        }

        return view;
    }

    /// <summary>Every target that may be resolved to a path of the language.</summary>
    public Nfa TargetsOf(Nfa paths, Budget budget) => Nfa.Union([.. _chains.Select(c => c.TargetsOf(paths, budget))]);

    /// <summary>Everything that a target may be resolved to.</summary>
    public Language PathsOf(ReadOnlySpan<byte> target, Budget budget) => PathsOf(Language.Literal(target), budget);

    /// <summary>Everything that one of the targets may be resolved to.</summary>
    public Language PathsOf(Language targets, Budget budget)
    {
        var paths = _chains[0].PathsOf(targets, budget);
        foreach (var chain in _chains.AsSpan(1))
        {
            paths = paths.Union(chain.PathsOf(targets, budget), budget);
        }

        return paths;
    }

    // PHP decodes a name, drops blanks before it, ends it at a zero byte, and makes an underscore of what no name can
    // have.
    private static Language PathInQuery(EquatableList<string> names)
    {
        var spelled = names.Items.Select(name => string.Concat(name.Select(c => c == '_'
            ? @"(?:[_.+\[]|%(?:5[fF]|2[eE]|20|2[bB]|5[bB]))"
            : $"(?:{c}|%{(int)c >> 4:x}[{(int)c & 15:x}{(int)c & 15:X}])")));
        return RegexLanguage.Of(
            $@"\A[^?]*\?(?:.*&)?(?:\+|%(?:20|09|0[aAbBcCdD]))*(?:{string.Join('|', spelled)})(?:%00[^&=]*)?=",
            Budget.ForPattern()).May;
    }
}
