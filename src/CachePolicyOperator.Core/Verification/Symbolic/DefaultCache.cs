using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>
/// What no rule names is passed (SP1): a target that nobody can have thought of is not looked up. The built-in VCL alone
/// looks up everything.
/// </summary>
internal sealed class DefaultCache : IVclProperty
{
    /// <summary>A canonical target that only a condition on every URL lets through.</summary>
    public const string Unnamed = "/Zq~7_Unnamed+0f/Xw=9/yK-4@b";

    public string Code => "policy/default-cache";

    public IEnumerable<Finding> Check(Exploration exploration) => exploration.LookupsOf(Language.Literal(Unnamed)).Select(lookup => new Finding(
        Code, Severity.Error, lookup, lookup.Trace[^1],
        "a request that no condition on the URL names is looked up in the shared cache",
        "name what may be cached, and `return (pass);` at the end of `vcl_recv`"));
}
