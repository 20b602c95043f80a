using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// A pattern that a property asks of every VCL: translated once, whatever is proven, by whoever proves.
/// </summary>
internal sealed class SharedPattern(string pattern)
{
    private readonly Lazy<Language> _language = new(() => RegexLanguage.Of(pattern, Budget.ForProof()).May);

    /// <summary>The texts that match.</summary>
    public Language Language => _language.Value;
}
