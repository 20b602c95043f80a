namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Where the API server reaches the webhooks of this process.</summary>
internal interface IWebhookAddress
{
    Task<WebhookLocation> FindAsync(CancellationToken cancellationToken);
}
