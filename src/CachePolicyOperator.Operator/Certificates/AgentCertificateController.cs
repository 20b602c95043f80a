using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>Owns a policy's part of the Secret by which agents prove who they are and know the operator.</summary>
internal sealed class AgentCertificateController(
    IEntityStore<V1Secret> store,
    ResourceWriter writer,
    IOperatorSecrets secrets,
    CertificateTimes times,
    OwnerMarks marks,
    ForeignObjects foreign,
    TimeProvider time) : IEntityController<CachePolicy>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(10);

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        await secrets.Loaded.WaitAsync(cancellationToken);
        var (authority, now) = (secrets.Authority!, time.GetUtcNow());
        var (space, name) = (entity.Metadata.NamespaceProperty, entity.Metadata.Name);
        var subject = new CertificateSubject($"agents of {name}"[..Math.Min(64, $"agents of {name}".Length)],
            [AgentApi.AgentName(space, name)], [], IsServer: true);
        var old = store.Find(new NamespacedName(space, AgentSecret.Name));
        var isForeign = old is not null && !AgentSecret.IsOurs(old, entity, marks);
        foreign.Note(entity, $"Secret `{AgentSecret.Name}`", isForeign);
        if (isForeign)
        {
            return ReconciliationResult<CachePolicy>.Failure(
                entity, $"Secret `{AgentSecret.Name}` exists and is not the operator's; remove it, so that agents get "
                    + "their certificates", requeueAfter: LookAgain);
        }

        var leaf = AgentSecret.Read(old, name);
        var renew = AuthorityRotation.MustRenew(leaf, authority, subject, now, times);
        if (renew || AgentSecret.Text(old, AgentSecret.AuthorityKey) != authority.Bundle
            || !Owners.IsOwnedBy(old!, entity) || !marks.Holds(old!, AgentSecret.NoPolicy))
        {
            leaf = renew ? CertificateMaker.Leaf(authority.Current, subject, now, times.LeafLife) : leaf;
            await writer.ApplyAsync(marks.Sign(AgentSecret.Of(entity, leaf!, authority), AgentSecret.NoPolicy),
                cancellationToken, part: Part(entity));
        }

        return ReconciliationResult<CachePolicy>.Success(entity, LookAgain);
    }

    /// <summary>Takes the policy's part out, unless the Secret goes with it.</summary>
    public async Task<ReconciliationResult<CachePolicy>> DeletedAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        var secret = store.Find(new NamespacedName(entity.Metadata.NamespaceProperty, AgentSecret.Name));
        if (secret?.Metadata.OwnerReferences?.Any(o => o.Uid != entity.Metadata.Uid) == true
            && AgentSecret.IsOurs(secret, entity, marks))
        {
            var nothing = new V1Secret
            {
                Metadata =
                new V1ObjectMeta { Name = AgentSecret.Name, NamespaceProperty = entity.Metadata.NamespaceProperty }
            };
            await writer.ApplyAsync(nothing, cancellationToken, part: Part(entity));
        }

        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    // Each policy applies for itself, so that none takes away what is another's.
    private static string Part(CachePolicy policy) => $"agents-{Names.Label(policy.Metadata.Name)}";
}
