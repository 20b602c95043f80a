using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.LeaderElection;
using k8s.Models;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>
/// Keeps the operator's keys in a Secret of its own namespace. Every replica reads it; only the leader makes it and
/// moves the authority on. What is gone from the Secret and known to this process is written back; where an operator
/// was here before and nobody knows the key of its seal any more, the new one is new (<see cref="ISealKey.IsSealNew"/>)
/// until all is sealed with it.
/// </summary>
internal sealed class OperatorSecretsService(
    ResourceClient<V1Secret> client,
    ResourceWriter writer,
    OperatorSecrets secrets,
    IEntityStore<CachePolicy> policies,
    IEntityStore<CacheIncident> incidents,
    ILeadership leadership,
    CertificateOptions options,
    CertificateTimes times,
    TimeProvider time,
    ILogger<OperatorSecretsService> logger) : BackgroundService
{
    public const string SecretName = "cachepolicy-operator-keys";

    public const string SealKeyField = "seal.key";
    public const string SealIsNewField = "seal.new";
    private const string RetiredSeparator = "\n";
    private static readonly TimeSpan Impatient = TimeSpan.FromMilliseconds(250);

    private NamespacedName Key => new(options.Namespace, SecretName);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.KeysUnreadable(Key.ToString(), error.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(secrets.Loaded.IsCompleted ? times.LookAgain : Impatient, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public static Authority? Read(V1Secret? secret)
    {
        string? Text(string key) =>
            secret?.Data?.TryGetValue(key, out var value) == true ? Encoding.UTF8.GetString(value) : null;
        return (Text("tls.crt"), Text("tls.key")) is ({ } certificate, { } key)
            ? new Authority(
                new KeyedCertificate(certificate, key),
                (Text("next.crt"), Text("next.key")) is ({ } nextCertificate, { } nextKey)
                    ? new KeyedCertificate(nextCertificate, nextKey)
                    : null,
                [.. Split(Text("retired.crt"))])
            : null;
    }

    private static IEnumerable<string> Split(string? pem)
    {
        var rest = (pem ?? "").AsMemory();
        while (PemEncoding.TryFind(rest.Span, out var fields))
        {
            yield return rest[fields.Location].ToString();
            rest = rest[fields.Location.End..];
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var secret = await client.GetAsync(Key, cancellationToken);
        var authority = Read(secret);
        var sealKey = secret?.Data?.TryGetValue(SealKeyField, out var bytes) == true && bytes.Length == 32
            ? bytes
            : null;
        var isSealNew = sealKey is not null ? secret!.Data.ContainsKey(SealIsNewField)
            : secrets.SealKey is not null ? secrets.IsSealNew
            : await WasOneBeforeAsync(cancellationToken);
        if (leadership.IsLeading)
        {
            if (secrets.Authority is not null && (authority is null || sealKey is null))
            {
                logger.KeysPutBack(Key.ToString());
            }

            var advanced = AuthorityRotation.Advance(authority ?? secrets.Authority, time.GetUtcNow(), times);
            if (advanced != authority || sealKey is null)
            {
                sealKey ??= secrets.SealKey ?? RandomNumberGenerator.GetBytes(32);
                await WriteAsync(secret, advanced, sealKey, isSealNew, cancellationToken);
                logger.AuthorityChanged(advanced.Current.Thumbprint, advanced.Current.NotAfter);
            }

            authority = advanced;
        }

        if (authority is not null && sealKey is not null)
        {
            secrets.Take(authority, sealKey, isSealNew);
        }
    }

    /// <summary>What only an operator writes, in a place where a team cannot write by itself.</summary>
    private async Task<bool> WasOneBeforeAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(policies.Synced, incidents.Synced).WaitAsync(cancellationToken);
        return policies.Where(p => p.Status?.ObservedGeneration is not null).Count > 0
            || incidents.Where(i => i.Status?.Seal is not null).Count > 0;
    }

    private Task<V1Secret> WriteAsync(
        V1Secret? old, Authority authority, byte[] sealKey, bool isSealNew, CancellationToken cancellationToken)
    {
        var secret = new V1Secret
        {
            // With the version that was read: of two leaders that overlap, the second fails and reads what the first
            // wrote.
            Metadata = new V1ObjectMeta
            {
                Name = SecretName,
                NamespaceProperty = options.Namespace,
                ResourceVersion = old?.Metadata.ResourceVersion,
                Labels = new Dictionary<string, string> { [Owners.ManagedBy] = Owners.Operator },
            },
            Type = "Opaque",
            Data = new Dictionary<string, byte[]>
            {
                ["tls.crt"] = Encoding.UTF8.GetBytes(authority.Current.CertificatePem),
                ["tls.key"] = Encoding.UTF8.GetBytes(authority.Current.KeyPem),
                ["retired.crt"] = Encoding.UTF8.GetBytes(string.Join(RetiredSeparator, authority.RetiredPem)),
                ["ca.crt"] = Encoding.UTF8.GetBytes(authority.Bundle),
                [SealKeyField] = sealKey,
            },
        };
        if (isSealNew)
        {
            secret.Data[SealIsNewField] = Encoding.UTF8.GetBytes("true");
        }

        if (authority.Next is { } next)
        {
            secret.Data["next.crt"] = Encoding.UTF8.GetBytes(next.CertificatePem);
            secret.Data["next.key"] = Encoding.UTF8.GetBytes(next.KeyPem);
        }

        return old is null
            ? writer.CreateAsync(secret, cancellationToken)
            : writer.ReplaceAsync(secret, cancellationToken);
    }
}
