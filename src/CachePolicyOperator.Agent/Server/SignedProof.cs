using System.Security.Cryptography.X509Certificates;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Server;

/// <summary>
/// By the operator's signature: with the key of an authority that this pod trusts, for the name that it shows itself.
/// </summary>
internal sealed class SignedProof(CertificateDirectory certificates) : IProofCheck
{
    public bool Holds(RevisionPackage package)
    {
        var mounted = certificates.Read();
        string[] names =
        [
            .. mounted.Own.TargetCertificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(e => e.EnumerateDnsNames()),
        ];
        foreach (var authority in mounted.Authorities)
        {
            using var key = authority.GetECDsaPublicKey();
            if (key is not null && names.Any(name => ProofSignature.Holds(package, name, key)))
            {
                return true;
            }
        }

        return false;
    }
}
