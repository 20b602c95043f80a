namespace CachePolicyOperator.TestCluster;

/// <summary>A certificate and its private key, as PEM.</summary>
public sealed record CertificatePair(string Certificate, string Key);
