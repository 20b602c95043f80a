using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CachePolicyOperator.Cli.Doctor;

/// <summary>How long certificates are still good.</summary>
internal static class Certificates
{
    /// <summary>What the operator had not renewed by then, it does not renew.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(3);

    public static IEnumerable<Finding> Judge(string area, string what, byte[] pem, TimeProvider time)
    {
        var certificates = Read(pem);
        if (certificates.Count == 0)
        {
            yield return Finding.Problem(area, $"{what}: there is no certificate in it",
                "delete it; the operator makes it anew");
        }

        // Of several authorities the newest counts: the others are on their way out.
        var (now, end) =
            (time.GetUtcNow(), certificates.Select(c => new DateTimeOffset(c.NotAfter)).DefaultIfEmpty().Max());
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }

        if (certificates.Count > 0)
        {
            yield return end <= now
                ? Finding.Problem(area, $"{what}: the certificate ended at {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
                    "look whether the operator runs: it renews what it made; and whether the clocks are right")
                : end <= now + Soon
                    ? Finding.Problem(area,
                        $"{what}: the certificate ends at {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, and nobody has "
                            + "renewed it", "look into the operator's log")
                    : Finding.Well(area, $"{what}: good until {end.UtcDateTime:yyyy-MM-dd}");
        }
    }

    private static X509Certificate2Collection Read(byte[] pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException)
        {
            // None that can be read, which is then said.
        }

        return certificates;
    }
}
