using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Runtime.Webhooks;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>
/// The operator's keys in this process. The certificates that it shows itself are made here, in memory, from the
/// authority that all replicas share; their keys are never stored.
/// </summary>
internal sealed class OperatorSecrets(CertificateOptions options, CertificateTimes times, TimeProvider time)
    : IOperatorSecrets, IOperatorCertificates, IServerCertificateSource
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private KeyedCertificate? _serverPem;
    private KeyedCertificate? _clientPem;
    private X509Certificate2? _server;
    private X509Certificate2? _client;

    public Authority? Authority { get; private set; }

    public byte[]? SealKey { get; private set; }

    public bool IsSealNew { get; private set; }

    public string? Bundle => Authority?.Bundle;

    public Task Loaded => _loaded.Task;

    public X509Certificate2? Client => Volatile.Read(ref _client);

    public X509Certificate2? Current => Volatile.Read(ref _server);

    private CertificateSubject Server => new(
        "cachepolicy-operator webhook", options.WebhookNames, options.WebhookAddresses, IsServer: true);

    private static CertificateSubject Operator =>
        new(AgentApi.OperatorName, [AgentApi.OperatorName], [], IsServer: false);

    public RevisionPackage Sign(RevisionPackage revision, string agent) =>
        Sign(revision, (what, key) => OperatorSignature.Sign(what, agent, key));

    public GuardConfiguration Sign(GuardConfiguration guard, string agent) =>
        Sign(guard, (what, key) => OperatorSignature.Sign(what, agent, key));

    /// <summary>Takes over what the Secrets hold now, and makes anew what has become too old.</summary>
    public void Take(Authority authority, byte[] sealKey, bool isSealNew = false)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            Authority = authority;
            (SealKey, IsSealNew) = (sealKey, isSealNew);
            // Those replaced are not disposed: a handshake may be using them. There is one every two months.
            if (AuthorityRotation.MustRenew(_serverPem, authority, Server, now, times))
            {
                _serverPem = CertificateMaker.Leaf(authority.Current, Server, now, times.LeafLife);
                Volatile.Write(ref _server, _serverPem.Open());
            }

            if (AuthorityRotation.MustRenew(_clientPem, authority, Operator, now, times))
            {
                _clientPem = CertificateMaker.Leaf(authority.Current, Operator, now, times.LeafLife);
                Volatile.Write(ref _client, _clientPem.Open());
            }
        }

        _loaded.TrySetResult();
    }

    private T Sign<T>(T what, Func<T, ECDsa, T> sign)
    {
        if (Authority is not { } authority)
        {
            return what;
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(authority.Current.KeyPem);
        return sign(what, key);
    }
}
