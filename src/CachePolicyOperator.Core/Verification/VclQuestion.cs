using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl;

namespace CachePolicyOperator.Core.Verification;

/// <summary>
/// What is asked of a VCL: for which personal routes, identities and version of Varnish it must be safe.
/// </summary>
/// <param name="Strict">Count the warnings of DESIGN §4 as errors, as for what we render.</param>
public sealed record VclQuestion(PersonalLanguage Personal, IdentityCarriers Identity, EngineVersion Engine,
    bool Strict)
{
    /// <summary>
    /// Count personal requests that say nothing of who asks as leaks, too: in policies, where a personal route is said
    /// to be looked up by nobody.
    /// </summary>
    public bool CountsAnonymous { get; init; }

    /// <summary>Its varnishd takes a VCL that defines what nothing uses.</summary>
    public bool AllowsUnused { get; init; }

    /// <summary>
    /// Somebody has said in so many words that whatever nothing else names may be cached: it is no default then.
    /// </summary>
    public bool NamesTheRest { get; init; }
}
