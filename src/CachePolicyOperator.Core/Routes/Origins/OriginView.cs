using System.Collections.Concurrent;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>
/// What a chain of origins may resolve a target to (N(target) of DESIGN §2), outermost profile first. An id that names
/// no profile counts as <c>strict</c>.
/// </summary>
internal sealed class OriginView
{
    private const int MaxCached = 64;

    private static readonly ConcurrentDictionary<string, OriginView> Cache = new();

    private readonly Lazy<Transducer> _onCanonicalPaths;
    private readonly Lazy<Language?> _inQuery;

    private OriginView(IEnumerable<string> ids)
    {
        OriginProfile[] profiles = [.. ids.DefaultIfEmpty(OriginProfiles.Strict)
            .Select(id => OriginProfiles.Find(id) ?? OriginProfiles.Find(OriginProfiles.Strict)!)];
        PathParameters = profiles.SelectMany(p => p.PathParameters.Items).Distinct().ToEquatableList();
        _inQuery = new(() => PathParameters.Count == 0 ? null : PathInQuery(PathParameters));
        var steps = profiles
            .SelectMany(profile => profile.Steps.Items)
            .Select(step => step.Behavior)
            .ToArray();
        Stages = [OriginBehaviors.Blanks.Readings, OriginBehaviors.AbsoluteForm.Readings, OriginBehaviors.Fragment.Readings, OriginBehaviors.Query.Readings, .. steps.Select(s => s.Readings)];
        _onCanonicalPaths = new(() => Compose(WithoutRepeatedDecoding(steps)));
    }

    /// <summary>From a target to the path that the last origin sees, one machine after the other.</summary>
    public IReadOnlyList<Transducer> Stages { get; }

    /// <summary>
    /// All of it as one machine that takes canonical paths (and few others). Most of what origins do needs a target
    /// that is not canonical, so this one is small.
    /// </summary>
    public Transducer OnCanonicalPaths => _onCanonicalPaths.Value;

    /// <summary>Query parameters that name the page for one of the origins.</summary>
    public EquatableList<string> PathParameters { get; }

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
    public Nfa TargetsOf(Nfa paths, Budget budget)
    {
        var isSmall = true;
        foreach (var stage in Stages.Reverse())
        {
            paths = paths.PreImage(stage, budget);
            try
            {
                paths = isSmall
                    ? Nfa.Of(Language.FromNfa(paths, budget.Share(work: 400_000, cells: 200_000)), budget)
                    : paths.Trimmed(budget);
            }
            catch (BudgetExceededException)
            {
                // What could not be made deterministic once will not be after another stage.
                isSmall = false;
                paths = paths.Trimmed(budget);
            }
        }

        return paths;
    }

    /// <summary>Everything that a target may be resolved to.</summary>
    public Language PathsOf(ReadOnlySpan<byte> target, Budget budget) =>
        Stages.Aggregate(Language.Literal(target), (language, stage) => language.Image(stage, budget));

    /// <summary>
    /// Decoding a canonical path twice is decoding it once: no encoded byte in it is a percent sign.
    /// </summary>
    private static IEnumerable<Transducer> WithoutRepeatedDecoding(OriginBehavior[] steps) =>
        steps.Where((step, i) => i == 0 || step != OriginBehaviors.Decode || steps[i - 1] != step)
            .Select(step => step.Readings);

    // PHP decodes a name, drops blanks before it, ends it at a zero byte, and makes an underscore of what no name can
    // have.
    private static Language PathInQuery(EquatableList<string> names)
    {
        var spelled = names.Items.Select(name => string.Concat(name.Select(c => c == '_'
            ? @"(?:[_.+\[]|%(?:5[fF]|2[eE]|20|2[bB]|5[bB]))"
            : $"(?:{c}|%{(int)c >> 4:x}[{(int)c & 15:x}{(int)c & 15:X}])")));
        return RegexLanguage.Of($@"\A[^?]*\?(?:.*&)?(?:\+|%(?:20|09|0[aAbBcCdD]))*(?:{string.Join('|', spelled)})(?:%00[^&=]*)?=", Budget.ForPattern()).May;
    }

    private static Transducer Compose(IEnumerable<Transducer> steps)
    {
        var budget = Budget.ForProof();
        return steps.Aggregate(
            Transducer.CopyOf(CanonicalTarget.PathRoughly), (machine, step) => machine.Then(step, budget));
    }
}
