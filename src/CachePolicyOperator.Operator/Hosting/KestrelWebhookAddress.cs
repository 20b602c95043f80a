using CachePolicyOperator.Operator.Webhooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CachePolicyOperator.Operator.Hosting;

/// <summary>The address of the options; where its port is 0, with the port that the server was given.</summary>
internal sealed class KestrelWebhookAddress(
    IServer server, IHostApplicationLifetime lifetime, OperatorOptions options) : IWebhookAddress
{
    public async Task<WebhookLocation> FindAsync(CancellationToken cancellationToken)
    {
        if (options.WebhookUrl is not { } url)
        {
            return new WebhookLocation(options.Namespace, options.WebhookService, 443, null)
            {
                Budget = options.AdmissionBudget,
            };
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
        if (url.Port != 0)
        {
            return new WebhookLocation(null, null, url.Port, url) { Budget = options.AdmissionBudget };
        }

        var listening = server.Features.Get<IServerAddressesFeature>()!.Addresses.First(
            a => a.StartsWith("https://", StringComparison.Ordinal));
        return new WebhookLocation(null, null, 0, new UriBuilder(url) { Port = new Uri(listening).Port }.Uri)
        {
            Budget = options.AdmissionBudget,
        };
    }
}
