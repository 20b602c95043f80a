using System.Net;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>Where the operator keeps its keys, and what the certificate of its webhooks is for.</summary>
/// <param name="Namespace">The operator's own.</param>
internal sealed record CertificateOptions(
    string Namespace, IReadOnlyList<string> WebhookNames, IReadOnlyList<IPAddress> WebhookAddresses);
