using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.Agent.Server;

/// <summary>
/// <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c> as a Kubernetes Secret is mounted: read again when they changed.
/// Asked at every handshake, so that no notification can be missed, swaps of symbolic links included.
/// </summary>
internal sealed class CertificateDirectory(string path, ILogger<CertificateDirectory> logger)
{
    private static readonly string[] Files = ["tls.crt", "tls.key", "ca.crt"];

    private readonly Lock _lock = new();
    private ServerCertificate? _current;
    private string _version = "";

    /// <summary>The present certificates; those before, where the present files cannot be read.</summary>
    public ServerCertificate Read()
    {
        lock (_lock)
        {
            var version = Version();
            if (_current is null || version != _version)
            {
                try
                {
                    _current = Load();
                    _version = version;
                    logger.CertificatesRead(_current.Own.TargetCertificate.NotAfter);
                }
                catch (Exception e) when (_current is not null
                    && e is IOException or UnauthorizedAccessException or CryptographicException)
                {
                    logger.CertificatesUnreadable(path, e.Message);
                }
            }

            return _current!;
        }
    }

    private string Version() => string.Join(' ', Files.Select(f =>
    {
        var file = new FileInfo(Path.Combine(path, f));
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return target.Exists ? $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}" : "-";
    }));

    private ServerCertificate Load()
    {
        var own = X509Certificate2.CreateFromPemFile(Path.Combine(path, "tls.crt"), Path.Combine(path, "tls.key"));
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(Path.Combine(path, "tls.crt"));
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(path, "ca.crt"));
        X509Certificate2Collection above = [.. chain.Where(c => c.Thumbprint != own.Thumbprint)];
        return new ServerCertificate(SslStreamCertificateContext.Create(own, above, offline: true), authorities);
    }
}
