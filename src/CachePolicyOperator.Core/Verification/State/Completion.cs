using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>How the execution of a stretch of statements ends: normally, or by a <c>return</c>.</summary>
/// <param name="Action">The action of a <c>return</c>; null where the path goes on behind the stretch.</param>
/// <param name="Leaves">A plain <c>return;</c>: only the subroutine ends.</param>
internal readonly record struct Completion(SymbolicState State, string? Action, bool Leaves, ReturnStatement? Return)
{
    public static Completion Normal(SymbolicState state) => new(state, null, false, null);

    public bool IsNormal => Action is null && !Leaves;

    /// <summary>The states that leave by an action.</summary>
    public static SymbolicState[] StatesOf(IReadOnlyList<Completion> completions, string action) =>
        [.. completions.Where(o => o.Action == action).Select(o => o.State)];
}
