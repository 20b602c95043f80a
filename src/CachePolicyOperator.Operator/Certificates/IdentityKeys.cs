using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>
/// The keys of the identity hashes, one a namespace. Made once and never overwritten or removed: with another key, the
/// hashes in incident records would lead to nobody.
/// </summary>
internal sealed class IdentityKeys(ResourceClient<V1Secret> client, ResourceWriter writer)
{
    public const string SecretName = "cachepolicy-identity-key";

    private const string Field = "key";
    private const int Length = 32;

    private readonly ConcurrentDictionary<string, string> _known = new();

    /// <summary>The key in Base64.</summary>
    public async Task<string> GetAsync(string inNamespace, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(inNamespace, out var known))
        {
            return known;
        }

        var key = new NamespacedName(inNamespace, SecretName);
        var secret = await client.GetAsync(key, cancellationToken) ?? await MakeAsync(key, cancellationToken);
        if (secret.Data?.TryGetValue(Field, out var bytes) != true || bytes!.Length != Length)
        {
            throw new InvalidOperationException(
                $"Secret {key} holds no {Length} bytes in `{Field}`; restore it, or remove it and lose the tie to the "
                    + "hashes in old incidents");
        }

        return _known.GetOrAdd(inNamespace, Convert.ToBase64String(bytes));
    }

    private async Task<V1Secret> MakeAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        var secret = new V1Secret
        {
            Metadata = new V1ObjectMeta
            {
                Name = key.Name,
                NamespaceProperty = key.Namespace,
                Labels = new Dictionary<string, string> { [Owners.ManagedBy] = Owners.Operator },
            },
            Type = "Opaque",
            Immutable = true,
            Data = new Dictionary<string, byte[]> { [Field] = RandomNumberGenerator.GetBytes(Length) },
        };
        try
        {
            return await writer.CreateAsync(secret, cancellationToken);
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.Conflict)
        {
            // Somebody was faster: theirs is the key.
            return await client.GetAsync(key, cancellationToken) ?? throw new InvalidOperationException(
                $"{key} was there and is gone", error);
        }
    }
}
