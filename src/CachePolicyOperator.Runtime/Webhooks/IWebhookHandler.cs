namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>A webhook at its path, with its kind hidden.</summary>
internal interface IWebhookHandler
{
    string Path { get; }

    Task<ValidationResult> HandleAsync(AdmissionContext context, CancellationToken cancellationToken);
}
