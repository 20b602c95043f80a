using System.Collections.Concurrent;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>
/// What a chain of origins may resolve a target to (N(target) of DESIGN §2), outermost profile first. An id that names no
/// profile counts as <c>strict</c>.
/// </summary>
internal sealed class OriginView
{
    private const int MaxCached = 64;

    private static readonly ConcurrentDictionary<string, OriginView> Cache = new();

    private readonly Lazy<Transducer> _onCanonicalPaths;

    private OriginView(IEnumerable<string> profiles)
    {
        var steps = profiles.DefaultIfEmpty(OriginProfiles.Strict)
            .Select(id => OriginProfiles.Find(id) ?? OriginProfiles.Find(OriginProfiles.Strict)!)
            .SelectMany(profile => profile.Steps.Items)
            .Select(step => step.Behavior)
            .ToArray();
        Stages = [OriginBehaviors.Blanks.Readings, OriginBehaviors.AbsoluteForm.Readings, OriginBehaviors.Fragment.Readings, OriginBehaviors.Query.Readings, .. steps.Select(s => s.Readings)];
        _onCanonicalPaths = new(() => Compose(WithoutRepeatedDecoding(steps)));
    }

    /// <summary>From a target to the path that the last origin sees, one machine after the other.</summary>
    public IReadOnlyList<Transducer> Stages { get; }

    /// <summary>
    /// All of it as one machine that takes canonical paths (and few others). Most of what origins do needs a target that is not
    /// canonical, so this one is small.
    /// </summary>
    public Transducer OnCanonicalPaths => _onCanonicalPaths.Value;

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
                paths = isSmall ? Nfa.Of(Language.FromNfa(paths, budget.Share(work: 400_000, cells: 200_000)), budget) : paths.Trimmed(budget);
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
        steps.Where((step, i) => i == 0 || step != OriginBehaviors.Decode || steps[i - 1] != step).Select(step => step.Readings);

    private static Transducer Compose(IEnumerable<Transducer> steps)
    {
        var budget = Budget.ForProof();
        return steps.Aggregate(Transducer.CopyOf(CanonicalTarget.PathRoughly), (machine, step) => machine.Then(step, budget));
    }
}
