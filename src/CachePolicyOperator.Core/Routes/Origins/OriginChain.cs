using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>
/// What origins that hand a target on may resolve it to, outermost profile first. An id that names no profile counts as
/// <c>strict</c>.
/// </summary>
internal sealed class OriginChain
{
    private readonly Lazy<Transducer> _onCanonicalPaths;
    private readonly Transducer[] _stages;

    public OriginChain(IEnumerable<string> ids)
    {
        OriginProfile[] profiles = [.. OriginProfiles.Of(ids)];
        PathParameters = profiles.SelectMany(p => p.PathParameters.Items).Distinct().ToEquatableList();
        var steps = profiles
            .SelectMany(profile => profile.Steps.Items)
            .Select(step => step.Behavior)
            .ToArray();
        ResolvesDots = steps.Contains(OriginBehaviors.DotSegments);
        FoldsMarks = ResolvesDots && steps.Contains(OriginBehaviors.FoldMarks);
        _stages =
        [
            OriginBehaviors.Blanks.Readings, OriginBehaviors.AbsoluteForm.Readings, OriginBehaviors.Fragment.Readings,
            OriginBehaviors.Query.Readings, .. steps.Select(s => s.Readings),
        ];
        _onCanonicalPaths = new(() => Compose(WithoutRepeatedDecoding(steps)));
    }

    /// <inheritdoc cref="OriginView.OnCanonicalPaths"/>
    public Transducer OnCanonicalPaths => _onCanonicalPaths.Value;

    /// <summary>Query parameters that name the page for one of the origins.</summary>
    public EquatableList<string> PathParameters { get; }

    /// <summary>Whether <c>/a/../me</c> is <c>/me</c>.</summary>
    public bool ResolvesDots { get; }

    /// <inheritdoc cref="OriginView.FoldsMarks"/>
    public bool FoldsMarks { get; }

    /// <inheritdoc cref="OriginView.TargetsOf"/>
    public Nfa TargetsOf(Nfa paths, Budget budget)
    {
        var isSmall = true;
        foreach (var stage in _stages.Reverse())
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

    /// <inheritdoc cref="OriginView.PathsOf(Language, Budget)"/>
    public Language PathsOf(Language targets, Budget budget) =>
        _stages.Aggregate(targets, (language, stage) => language.Image(stage, budget));

    /// <summary>
    /// Decoding a canonical path twice is decoding it once: no encoded byte in it is a percent sign.
    /// </summary>
    private static IEnumerable<Transducer> WithoutRepeatedDecoding(OriginBehavior[] steps) =>
        steps.Where((step, i) => i == 0 || step != OriginBehaviors.Decode || steps[i - 1] != step)
            .Select(step => step.Readings);

    private static Transducer Compose(IEnumerable<Transducer> steps)
    {
        var budget = Budget.ForProof();
        return steps.Aggregate(
            Transducer.CopyOf(CanonicalTarget.PathRoughly), (machine, step) => machine.Then(step, budget));
    }
}
