using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>Which of several ways is shown: the one that most visitors could go.</summary>
internal static class OrdinaryVisitor
{
    /// <summary>
    /// How many of the things that ordinary visitors have are not so on the path: a host of the site, GET, an address
    /// of no list.
    /// </summary>
    public static int Oddity(Solver solver, SymbolicState state) =>
        (solver.Of(state, Input.Host).Reading(solver.Budget).Accepts("www.example.com") ? 0 : 1)
            + (solver.Of(state, Input.Method).Accepts("GET") ? 0 : 1)
            + (state.Assumed.Any(a => a.Key.IsOfConnection && a.Value) ? 1 : 0);
}
