using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>The entries of a policy, each with the one who switches its kind: the only place that chooses.</summary>
internal sealed class PolicyEntries(IEnumerable<IEntrypoint> kinds)
{
    public IReadOnlyList<PolicyEntry> Of(CachePolicy policy, InForce inForce) =>
    [
        .. from entry in inForce.Entrypoints.Items
           let kind = kinds.FirstOrDefault(k => k.Switches(entry))
           where kind is not null
           select new PolicyEntry(kind, policy, inForce, entry),
    ];

    /// <summary>Name of an entry that somebody else turned to the origin; null where there is none.</summary>
    public string? MovedByHand(CachePolicy policy, InForce inForce) =>
        Of(policy, inForce).FirstOrDefault(e => e.View.IsMovedByHand)?.View.Name;
}

/// <summary>One entry of a policy, as it was seen when it was asked for.</summary>
internal sealed class PolicyEntry(IEntrypoint kind, CachePolicy policy, InForce inForce, Entrypoint entry)
{
    public EntryView View { get; } = kind.Look(policy, inForce, entry);

    /// <inheritdoc cref="IEntrypoint.LeadAsync"/>
    public Task<bool> LeadAsync(EntryTarget target, CancellationToken cancellationToken) =>
        kind.LeadAsync(policy, inForce, entry, target, cancellationToken);
}
