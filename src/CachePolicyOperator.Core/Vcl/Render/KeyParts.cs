using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// What a rule says of a request: which parameters of its query and which of its fields are in the key. Rules that
/// differ in nothing else are one to a request.
/// </summary>
/// <param name="Query">In the order of the rule.</param>
/// <param name="Headers">In lower case and in order.</param>
internal sealed record KeyParts(EquatableList<string> Query, EquatableList<string> Headers)
{
    public static KeyParts Of(CacheKey key) => new(
        key.QueryParameters.Items.Distinct().ToEquatableList(),
        key.Headers.Items.Select(h => h.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal).ToEquatableList());
}
