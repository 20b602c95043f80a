using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Flows;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// What no rule names is passed (SP1): a target that nobody can have thought of is not looked up, be it as plain as
/// targets are. The built-in VCL alone looks up everything that carries no identity, which is a warning.
/// </summary>
internal sealed class DefaultCache : IVclProperty
{
    /// <summary>
    /// Canonical targets that only conditions on every URL let through, or on every URL of few kinds of letters.
    /// </summary>
    public static EquatableList<string> Unnamed { get; } =
        ["/Zq~7_Unnamed+0f/Xw=9/yK-4@b", "/zq7unnamed0f/xw9/yk4b", "/zqunnamed", "/Zq-7/Unnamed_0f/"];

    public string Code => "policy/default-cache";

    private static Language Targets { get; } = Language.Union(
        Unnamed.Items.Select(Language.Literal), Budget.ForPattern());

    /// <summary>Whether a target that nothing names is among the values.</summary>
    public static bool IsAmong(InputFacts targets) => Unnamed.Items.Any(targets.Accepts);

    public IEnumerable<Finding> Check(ExploredStates explored) =>
        explored.Question.NamesTheRest ? [] :
        from lookup in explored.LookupsOf(Targets)
        let bearing = explored.Once(IsStored) ? DeclaredIdentity.Bearing(explored, lookup) : null
        select new Finding(
            Code, bearing is null ? explored.Question.OfAnonymous() : Severity.Error,
            bearing ?? lookup, lookup.Trace[^1],
            "a request that no condition on the URL names is looked up in the shared cache",
            "name what may be cached, and `return (pass);` at the end of `vcl_recv`");

    // Where such requests are looked up and nothing of theirs is stored, as those of a purge, nobody's answer is there.
    private static bool IsStored(ExploredStates explored)
    {
        try
        {
            return explored.Stores.Any(store =>
                explored.Solver.Within(store.State, new InputText(Input.Url), Targets) is { } unnamed
                && DeclaredIdentity.Bearing(explored, unnamed) is not null);
        }
        catch (BudgetExceededException)
        {
            return true;
        }
    }
}
