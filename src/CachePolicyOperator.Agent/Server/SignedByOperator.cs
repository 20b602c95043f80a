using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Server;

/// <summary>
/// By the operator's signature: with the key of an authority that this pod trusts, for the name that it shows itself.
/// </summary>
internal sealed class SignedByOperator(CertificateDirectory certificates) : IOperatorCheck
{
    public bool Holds(RevisionPackage package) =>
        IsSigned((name, key) => OperatorSignature.Holds(package, name, key));

    public bool Holds(GuardConfiguration guard) => IsSigned((name, key) => OperatorSignature.Holds(guard, name, key));

    private bool IsSigned(Func<string, ECDsa, bool> holds)
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
            if (key is not null && names.Any(name => holds(name, key)))
            {
                return true;
            }
        }

        return false;
    }
}
