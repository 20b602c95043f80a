using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Verification.Exploration;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>A target that cache and origin may read differently is not looked up (SP11).</summary>
internal sealed class AmbiguousTarget : IVclProperty
{
    public string Code => "url/ambiguous";

    public IEnumerable<Finding> Check(ExploredStates explored)
    {
        var ambiguous = explored.Solver.Targets.Except(CanonicalTarget.Language, explored.Solver.Budget);
        return explored.LookupsOf(ambiguous).Take(1).Select(lookup => new Finding(
            Code, explored.Question.WarningUnlessStrict(), lookup, lookup.Trace[^1],
            "a target that cache and origin may read differently is looked up",
            "pass targets with encoded or doubled slashes, dot-segments, `;` or `\\`"));
    }
}
