using System.Net;
using System.Text;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.LeaderElection;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Keeps the webhook configuration as it must be, above all its trusted authorities; also where somebody removed it or
/// made it ignore failures. In the cluster it belongs to the operator's namespace: who deletes that, and not the
/// release, leaves no webhook behind that nobody answers.
/// </summary>
internal sealed class WebhookConfigurationTask(
    ResourceClient<V1ValidatingWebhookConfiguration> client,
    ResourceClient<V1Namespace> namespaces,
    ResourceWriter writer,
    ServerVersion version,
    IOperatorSecrets secrets,
    IWebhookAddress address,
    WebhookOptions options,
    TimeProvider time,
    ILogger<WebhookConfigurationTask> logger) : ILeaderTask
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Configuration is not { } name)
        {
            return;
        }

        await secrets.Loaded.WaitAsync(cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = LookAgain;
            try
            {
                await EnsureAsync(name, cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                logger.ConfigurationFailed(name, error.Message);
                pause = Retry;
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task EnsureAsync(string name, CancellationToken cancellationToken)
    {
        var location = await address.FindAsync(cancellationToken);
        var wanted = WebhookConfiguration.Of(name, location, Encoding.UTF8.GetBytes(secrets.Authority!.Bundle),
            await version.IsAtLeastAsync(1, 28, cancellationToken));
        if (location.Namespace is { } space)
        {
            wanted.Metadata.OwnerReferences = await OwnerAsync(space, cancellationToken);
        }

        var present = await client.GetAsync(new NamespacedName("", name), cancellationToken);
        if (present is null || !Same(present, wanted))
        {
            await WriteAsync(wanted, cancellationToken);
        }
    }

    /// <summary>Null where the operator may not look at its namespace.</summary>
    private async Task<IList<V1OwnerReference>?> OwnerAsync(string space, CancellationToken cancellationToken)
    {
        try
        {
            return await namespaces.GetAsync(new NamespacedName("", space), cancellationToken) is { } found
                ? [new V1OwnerReference { ApiVersion = "v1", Kind = "Namespace", Name = space,
                    Uid = found.Metadata.Uid }]
                : null;
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    /// <summary>
    /// Where an owner may be named only by who may delete the object, as on OpenShift, it has none: a webhook without
    /// an owner is better than none.
    /// </summary>
    private async Task WriteAsync(V1ValidatingWebhookConfiguration wanted, CancellationToken cancellationToken)
    {
        try
        {
            await writer.ApplyAsync(wanted, cancellationToken);
        }
        catch (ApiException error) when (
            error.StatusCode == HttpStatusCode.Forbidden && wanted.Metadata.OwnerReferences is not null)
        {
            wanted.Metadata.OwnerReferences = null;
            await writer.ApplyAsync(wanted, cancellationToken);
        }
    }

    private static bool Same(V1ValidatingWebhookConfiguration present, V1ValidatingWebhookConfiguration wanted) =>
        (wanted.Metadata.OwnerReferences ?? [])
            .All(w => present.Metadata.OwnerReferences?.Any(p => p.Uid == w.Uid) == true)
        && present.Webhooks?.Count == wanted.Webhooks.Count
        && present.Webhooks.Zip(wanted.Webhooks).All(pair =>
            pair.First.Name == pair.Second.Name
            && pair.First.FailurePolicy == pair.Second.FailurePolicy
            && pair.First.TimeoutSeconds == pair.Second.TimeoutSeconds
            && pair.First.NamespaceSelector?.MatchLabels is not { Count: > 0 }
            && pair.First.NamespaceSelector?.MatchExpressions is not { Count: > 0 }
            && KubernetesJson.Serialize(pair.First.ObjectSelector?.MatchLabels ?? new Dictionary<string, string>())
                == KubernetesJson.Serialize(pair.Second.ObjectSelector?.MatchLabels ?? new Dictionary<string, string>())
            && pair.First.ObjectSelector?.MatchExpressions is not { Count: > 0 }
            && KubernetesJson.Serialize(pair.First.MatchConditions ?? []) == KubernetesJson.Serialize(
                pair.Second.MatchConditions ?? [])
            && KubernetesJson.Serialize(pair.First.ClientConfig) == KubernetesJson.Serialize(pair.Second.ClientConfig)
            && KubernetesJson.Serialize(pair.First.Rules) == KubernetesJson.Serialize(pair.Second.Rules));
}
