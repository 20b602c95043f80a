using CachePolicyOperator.Runtime.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Runtime.Hosting;

/// <summary>Maps what the runtime answers over HTTP.</summary>
public static class RuntimeEndpointExtensions
{
    /// <summary>Maps the webhooks, <c>/healthz</c> (liveness) and <c>/readyz</c>.</summary>
    public static IEndpointRouteBuilder MapKubernetesOperator(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        foreach (var handler in services.GetServices<IWebhookHandler>())
        {
            var endpoint = ActivatorUtilities.CreateInstance<WebhookEndpoint>(services, handler);
            endpoints.MapPost(handler.Path, endpoint.HandleAsync);
        }

        var readiness = services.GetRequiredService<Readiness>();
        endpoints.MapGet("/healthz", () => Answer(readiness.Dead()));
        endpoints.MapGet("/readyz", () => Answer(readiness.Missing()));
        return endpoints;
    }

    private static IResult Answer(IReadOnlyList<string> faults) => faults.Count == 0
        ? Results.Text("ok\n")
        : Results.Text(string.Join('\n', faults) + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
