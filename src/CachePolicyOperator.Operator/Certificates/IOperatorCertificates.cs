using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>What the operator itself shows and trusts; null until the authority was read or made.</summary>
internal interface IOperatorCertificates
{
    /// <summary>Shown to agents.</summary>
    X509Certificate2? Client { get; }

    /// <summary>Every authority to trust, PEM.</summary>
    string? Bundle { get; }
}
