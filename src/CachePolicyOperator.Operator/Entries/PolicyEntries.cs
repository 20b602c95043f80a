using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// The entries of a policy, those that it names and those that it once named, each with the one who switches its kind:
/// the only place that chooses.
/// </summary>
internal sealed class PolicyEntries(IEnumerable<IEntrypoint> kinds)
{
    /// <param name="inForce">Null where it is not known: then the entries are those that were made.</param>
    public IReadOnlyList<PolicyEntry> Of(CachePolicy policy, InForce? inForce) =>
    [
        .. from entry in (inForce?.Entrypoints.Items ?? []).Concat(kinds.SelectMany(k => k.MadeFor(policy)))
            .DistinctBy(Identity)
           let kind = kinds.FirstOrDefault(k => k.Switches(entry))
           where kind is not null
           select new PolicyEntry(kind, policy, inForce, entry),
    ];

    /// <summary>Name of an entry that somebody else turned to the origin; null where there is none.</summary>
    public string? MovedByHand(CachePolicy policy, InForce? inForce) =>
        Of(policy, inForce).FirstOrDefault(e => e.View.IsMovedByHand)?.View.Name;

    // One object is one entry, however often it is named: two would turn it to and fro.
    private static (Type Kind, string Name) Identity(Entrypoint entry) => (entry.GetType(), entry switch
    {
        ServiceEntrypoint service => service.Name,
        IngressEntrypoint ingress => ingress.Name,
        HttpRouteEntrypoint route => route.Name,
        _ => entry.ToString(),
    });
}

/// <summary>One entry of a policy, as it was seen when it was asked for.</summary>
internal sealed class PolicyEntry(IEntrypoint kind, CachePolicy policy, InForce? inForce, Entrypoint entry)
{
    public EntryView View { get; } = kind.Look(policy, inForce, entry);

    /// <inheritdoc cref="IEntrypoint.LeadAsync"/>
    public Task<bool> LeadAsync(EntryTurn turn, CancellationToken cancellationToken) =>
        kind.LeadAsync(policy, inForce, entry, turn, cancellationToken);
}
