using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>Knows whether the key of the seal is still new, and writes down when it is not any more.</summary>
internal sealed class NewSeal(
    ResourceClient<V1Secret> client, ResourceWriter writer, OperatorSecrets secrets, CertificateOptions options)
{
    /// <summary>Waits until the keys are known; false once everything is sealed.</summary>
    public async Task<bool> IsNewAsync(CancellationToken cancellationToken)
    {
        await secrets.Loaded.WaitAsync(cancellationToken);
        return secrets.IsSealNew;
    }

    /// <summary>Everything is sealed with the new key: from now on only its seal counts.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var secret = await client.GetAsync(
            new NamespacedName(options.Namespace, OperatorSecretsService.SecretName), cancellationToken);
        if (OperatorSecretsService.Read(secret) is { } authority
            && secret!.Data.TryGetValue(OperatorSecretsService.SealKeyField, out var key)
            && secret.Data.Remove(OperatorSecretsService.SealIsNewField))
        {
            await writer.ReplaceAsync(secret, cancellationToken);
            secrets.Take(authority, key);
        }
    }
}
