namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>What is kept of the webhooks in the cluster.</summary>
/// <param name="Configuration">Name of the ValidatingWebhookConfiguration to keep; null: none is kept.</param>
internal sealed record WebhookOptions(string? Configuration);
