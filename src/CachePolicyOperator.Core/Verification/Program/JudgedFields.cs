using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>
/// The header fields that properties ask for by their names. What a VCL does to others need not be told apart on the
/// states: name a field in the catalogue before a property looks at it.
/// </summary>
internal static class JudgedFields
{
    /// <summary>Request fields that say who asks.</summary>
    public static IReadOnlyList<string> CarriersOf(IdentityCarriers identity) =>
        [.. identity.Headers.Items.Select(h => h.ToLowerInvariant()).Union(RequestFields.Credentials)];

    /// <summary>All of them, of requests and responses.</summary>
    public static IReadOnlyCollection<string> Of(IdentityCarriers identity) =>
    [
        .. CarriersOf(identity), .. RequestFields.Edge, .. RequestFields.Preferences, "host", "connection",
        "accept-encoding", .. ResponseFields.Judged,
    ];
}
