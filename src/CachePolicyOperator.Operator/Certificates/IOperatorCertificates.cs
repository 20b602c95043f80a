using System.Security.Cryptography.X509Certificates;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>What the operator itself shows and trusts; null until the authority was read or made.</summary>
internal interface IOperatorCertificates
{
    /// <summary>Shown to agents.</summary>
    X509Certificate2? Client { get; }

    /// <summary>Every authority to trust, PEM.</summary>
    string? Bundle { get; }

    /// <summary>Signed with the authority's key for the agents of a name; as it is until there is one.</summary>
    RevisionPackage Sign(RevisionPackage revision, string agent);

    /// <inheritdoc cref="Sign(RevisionPackage, string)"/>
    GuardConfiguration Sign(GuardConfiguration guard, string agent);
}
