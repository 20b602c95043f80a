using CachePolicyOperator.Bench.Hostile;
using CachePolicyOperator.Bench.Measuring;
using CachePolicyOperator.Bench.Routes;
using CachePolicyOperator.Bench.Vcl;

namespace CachePolicyOperator.Bench;

/// <summary>Everything that is measured, with the goals that the project has set itself.</summary>
internal static class Parts
{
    public const string Ours = "routes/ours";

    public const string FarePrefix = "routes/fare";

    /// <summary>How many times faster than Fare the proof on routes has to be.</summary>
    public const double GoalRatio = 40;

    private static readonly Goal RoutesGoal = new(Milliseconds: 300, Megabytes: 200);

    private static readonly Goal VclGoal = new(Milliseconds: 100, Megabytes: 200);

    public static IReadOnlyList<Part> All { get; } =
    [
        new(Ours, "10,000 rules × 1,000 personal routes, profile strict", RoutesGoal, Plan.Warm,
            () => RoutesPart.Ours("strict")),
        new("routes/ours-php", "the same, profile php", RoutesGoal, Plan.Warm, () => RoutesPart.Ours("php")),
        new($"{FarePrefix}-union", "Fare: all determinised at once, intersected", null, Plan.Once, FarePart.Union),
        new($"{FarePrefix}-chunks", "Fare: determinised a hundred at a time, then together", null, Plan.Once,
            FarePart.Chunks),
        new($"{FarePrefix}-pairs", "Fare: pair by pair, estimated from a sample", null, Plan.Once, FarePart.Pairs),
        new("vcl/500-lines", "a 500-line VCL of realistic shape", VclGoal, Plan.Warm,
            () => VclPart.Of(RealisticVcl.Safe)),
        new("vcl/500-lines-leaking", "the same with a leak", VclGoal, Plan.Warm,
            () => VclPart.Of(RealisticVcl.Leaking)),
        .. HostileParts.All,
    ];
}
