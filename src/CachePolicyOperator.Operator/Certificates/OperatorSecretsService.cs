using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.LeaderElection;
using k8s.Models;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>
/// Keeps the operator's keys in a Secret of its own namespace. Every replica reads it; only the leader makes it and moves
/// the authority on.
/// </summary>
internal sealed class OperatorSecretsService(
    ResourceClient<V1Secret> client,
    ResourceWriter writer,
    OperatorSecrets secrets,
    ILeadership leadership,
    CertificateOptions options,
    CertificateTimes times,
    TimeProvider time,
    ILogger<OperatorSecretsService> logger) : BackgroundService
{
    public const string SecretName = "cachepolicy-operator-keys";

    private const string RetiredSeparator = "\n";
    private static readonly TimeSpan Impatient = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(1);

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

            await Task.Delay(secrets.Loaded.IsCompleted ? Patient : Impatient, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Authority? Read(V1Secret? secret)
    {
        string? Text(string key) => secret?.Data?.TryGetValue(key, out var value) == true ? Encoding.UTF8.GetString(value) : null;
        return (Text("tls.crt"), Text("tls.key")) is ({ } certificate, { } key)
            ? new Authority(
                new KeyedCertificate(certificate, key),
                (Text("next.crt"), Text("next.key")) is ({ } nextCertificate, { } nextKey) ? new KeyedCertificate(nextCertificate, nextKey) : null,
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
        var sealKey = secret?.Data?.TryGetValue("seal.key", out var bytes) == true && bytes.Length == 32 ? bytes : null;
        if (leadership.IsLeading)
        {
            var advanced = AuthorityRotation.Advance(authority, time.GetUtcNow(), times);
            if (advanced != authority || sealKey is null)
            {
                sealKey ??= RandomNumberGenerator.GetBytes(32);
                await WriteAsync(secret, advanced, sealKey, cancellationToken);
                logger.AuthorityChanged(advanced.Current.Thumbprint, advanced.Current.NotAfter);
            }

            authority = advanced;
        }

        if (authority is not null && sealKey is not null)
        {
            secrets.Take(authority, sealKey);
        }
    }

    private Task<V1Secret> WriteAsync(V1Secret? old, Authority authority, byte[] sealKey, CancellationToken cancellationToken)
    {
        var secret = new V1Secret
        {
            // With the version that was read: of two leaders that overlap, the second fails and reads what the first wrote.
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
                ["seal.key"] = sealKey,
            },
        };
        if (authority.Next is { } next)
        {
            secret.Data["next.crt"] = Encoding.UTF8.GetBytes(next.CertificatePem);
            secret.Data["next.key"] = Encoding.UTF8.GetBytes(next.KeyPem);
        }

        return old is null ? writer.CreateAsync(secret, cancellationToken) : writer.ReplaceAsync(secret, cancellationToken);
    }
}
