using System.Text.Json;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// Tells whether a policy is there. Asks the server: what the informer does not know yet may have been applied a moment
/// ago. A policy that is being deleted is gone, whoever still holds it.
/// </summary>
internal sealed class PolicyPresence(IEntityStore<CachePolicy> policies, ResourceClient<CachePolicy> client)
{
    public async Task<bool> IsThereAsync(NamespacedName policy, CancellationToken cancellationToken)
    {
        if (policies.Find(policy) is { Metadata.DeletionTimestamp: null })
        {
            return true;
        }

        try
        {
            return await client.GetAsync(policy, cancellationToken) is { Metadata.DeletionTimestamp: null };
        }
        catch (JsonException)
        {
            // It is there, and cannot be read.
            return true;
        }
    }
}
