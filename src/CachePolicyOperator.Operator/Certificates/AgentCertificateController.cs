using System.Text;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>Owns the Secret by which the agents of a policy prove who they are and know the operator.</summary>
internal sealed class AgentCertificateController(
    ResourceClient<V1Secret> client,
    ResourceWriter writer,
    IOperatorSecrets secrets,
    CertificateTimes times,
    ForeignObjects foreign,
    TimeProvider time) : IEntityController<CachePolicy>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(10);

    public static string SecretName(string policy) => Names.Child(policy, "cache-agent");

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        await secrets.Loaded.WaitAsync(cancellationToken);
        var (authority, now) = (secrets.Authority!, time.GetUtcNow());
        var (space, name) = (entity.Metadata.NamespaceProperty, entity.Metadata.Name);
        var subject = new CertificateSubject($"agents of {name}"[..Math.Min(64, $"agents of {name}".Length)], [AgentApi.AgentName(space, name)], [], IsServer: true);
        var old = await client.GetAsync(new NamespacedName(space, SecretName(name)), cancellationToken);
        var isForeign = old is not null && !Owners.IsOwnedBy(old, entity);
        foreign.Note(entity, $"Secret `{SecretName(name)}`", isForeign);
        if (isForeign)
        {
            return ReconciliationResult<CachePolicy>.Failure(
                entity, $"Secret `{old!.Metadata.Name}` exists and is not the operator's; remove it, so that agents get their certificate", requeueAfter: LookAgain);
        }

        var leaf = Read(old);
        var renew = AuthorityRotation.MustRenew(leaf, authority, subject, now, times);
        if (renew || Text(old, "ca.crt") != authority.Bundle)
        {
            leaf = renew ? CertificateMaker.Leaf(authority.Current, subject, now, times.LeafLife) : leaf;
            await writer.ApplyAsync(Secret(entity, leaf!, authority), cancellationToken);
        }

        return ReconciliationResult<CachePolicy>.Success(entity, LookAgain);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    private static V1Secret Secret(CachePolicy policy, KeyedCertificate leaf, Authority authority) => new()
    {
        Metadata = Owners.Metadata(policy, SecretName(policy.Metadata.Name)),
        Type = "kubernetes.io/tls",
        Data = new Dictionary<string, byte[]>
        {
            ["tls.crt"] = Encoding.UTF8.GetBytes(leaf.CertificatePem),
            ["tls.key"] = Encoding.UTF8.GetBytes(leaf.KeyPem),
            ["ca.crt"] = Encoding.UTF8.GetBytes(authority.Bundle),
        },
    };

    private static KeyedCertificate? Read(V1Secret? secret) =>
        (Text(secret, "tls.crt"), Text(secret, "tls.key")) is ({ Length: > 0 } certificate, { Length: > 0 } key)
            ? new KeyedCertificate(certificate, key)
            : null;

    private static string? Text(V1Secret? secret, string key) =>
        secret?.Data?.TryGetValue(key, out var value) == true ? Encoding.UTF8.GetString(value) : null;
}
