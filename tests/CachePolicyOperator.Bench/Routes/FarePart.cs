using CachePolicyOperator.Core.Routes;
using Fare;

namespace CachePolicyOperator.Bench.Routes;

/// <summary>
/// The same question asked of the Fare package, in the ways that suit it. It has the easier one: the paths alone, with
/// nothing that an origin may do to them.
/// </summary>
internal static class FarePart
{
    private const int ChunkSize = 100;

    /// <summary>One rule in so many is intersected with every personal route.</summary>
    private const int SampleEvery = 500;

    public static Func<string> Union() => () => Answer(Whole(Catalogue.Cacheable), Whole(Catalogue.Personal));

    public static Func<string> Chunks() => () => Answer(InChunks(Catalogue.Cacheable), InChunks(Catalogue.Personal));

    /// <summary>The answer holds the factor by which the sample is smaller than the whole.</summary>
    public static Func<string> Pairs() => () =>
    {
        Automaton[] rules = [.. Catalogue.Cacheable.Where((_, i) => i % SampleEvery == 0).Select(Compile)];
        Automaton[] personal = [.. Catalogue.Personal.Select(Compile)];
        return rules.All(
            rule => personal.All(route => BasicOperations.IsEmpty(BasicOperations.Intersection(rule, route))))
            ? $"disjoint ×{SampleEvery}"
            : "not disjoint";
    };

    /// <summary>By how much the time of a part has to be multiplied to stand for the whole question.</summary>
    public static double Factor(string outcome) =>
        outcome.EndsWith($"×{SampleEvery}", StringComparison.Ordinal) ? SampleEvery : 1;

    private static string Answer(Automaton rules, Automaton personal) =>
        BasicOperations.IsEmpty(BasicOperations.Intersection(rules, personal)) ? "disjoint" : "not disjoint";

    private static Automaton Whole(IEnumerable<RoutePattern> patterns)
    {
        var union = BasicOperations.Union([.. patterns.Select(Compile)]);
        union.Determinize();
        return union;
    }

    private static Automaton InChunks(IEnumerable<RoutePattern> patterns)
    {
        var union = BasicOperations.Union(
        [
            .. patterns.Chunk(ChunkSize).Select(chunk =>
            {
                var part = Whole(chunk);
                part.Minimize();
                return part;
            }),
        ]);
        union.Determinize();
        return union;
    }

    private static Automaton Compile(RoutePattern pattern) => new RegExp(FareSyntax.Of(pattern)).ToAutomaton();
}
