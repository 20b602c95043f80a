using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// How entrypoints of one kind are led to the cache or past it. A kind is one class and one registration. What is in
/// force may be unknown (null): then an entry is turned by what it remembers.
/// </summary>
internal interface IEntrypoint
{
    /// <summary>Whether entrypoints of that kind are switched here.</summary>
    bool Switches(Entrypoint entry);

    /// <summary>What is seen of an entry; acts on nothing.</summary>
    EntryView Look(CachePolicy policy, InForce? inForce, Entrypoint entry);

    /// <summary>
    /// Leads an entry there in one write, so that what it does and what was ordered never disagree; not where it does
    /// so already, nor where there is nothing to lead it to. What others wrote on it stays.
    /// </summary>
    /// <returns>True where an entry that was there leads elsewhere now.</returns>
    Task<bool> LeadAsync(
        CachePolicy policy, InForce? inForce, Entrypoint entry, EntryTurn turn, CancellationToken cancellationToken);

    /// <summary>Entries that were made for the policy, whether it still names them or not.</summary>
    IEnumerable<Entrypoint> MadeFor(CachePolicy policy);
}
