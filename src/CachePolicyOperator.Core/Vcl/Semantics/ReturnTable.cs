using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Vcl.Semantics;

/// <summary>Which <c>return</c> is possible where, and what each may take with it.</summary>
public static class ReturnTable
{
    private static readonly Dictionary<VclMethods, string[]> Legal = new()
    {
        [VclMethods.Recv] = ["fail", "synth", "restart", "pass", "pipe", "hash", "purge", "vcl"],
        [VclMethods.Pipe] = ["fail", "synth", "pipe"],
        [VclMethods.Pass] = ["fail", "synth", "restart", "fetch"],
        [VclMethods.Hash] = ["fail", "lookup"],
        [VclMethods.Purge] = ["fail", "synth", "restart"],
        [VclMethods.Miss] = ["fail", "synth", "restart", "pass", "fetch"],
        [VclMethods.Hit] = ["fail", "synth", "restart", "pass", "deliver"],
        [VclMethods.Deliver] = ["fail", "synth", "restart", "deliver"],
        [VclMethods.Synth] = ["fail", "restart", "deliver"],
        [VclMethods.BackendFetch] = ["fail", "fetch", "abandon", "error"],
        [VclMethods.BackendResponse] = ["fail", "deliver", "retry", "abandon", "pass", "error"],
        [VclMethods.BackendError] = ["fail", "deliver", "retry", "abandon"],
        [VclMethods.BackendRefresh] = ["fail", "merge", "obj_stale", "beresp", "abandon", "retry", "error"],
        [VclMethods.Init] = ["ok", "fail"],
        [VclMethods.Fini] = ["ok"],
    };

    private static readonly HashSet<string> All = [.. Legal.Values.SelectMany(v => v)];

    /// <summary>The actions of one method, in the order of the documentation.</summary>
    public static IReadOnlyList<string> LegalIn(VclMethods method) => Legal[method];

    /// <summary>Whether any method has the action; actions have a case.</summary>
    public static bool IsAction(string action) => All.Contains(action);

    public static IReadOnlyCollection<string> Actions => All;

    /// <summary>How many arguments an action must and may take.</summary>
    public static (int Least, int Most) Arguments(string action) => action switch
    {
        "synth" => (1, 2),
        "error" => (0, 2),
        "pass" or "fail" => (0, 1),
        "vcl" => (1, 1),
        _ => (0, 0),
    };
}
