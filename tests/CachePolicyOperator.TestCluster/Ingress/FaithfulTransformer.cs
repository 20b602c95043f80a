using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace CachePolicyOperator.TestCluster.Ingress;

/// <summary>
/// Forwards the request target byte for byte and the Host as it came. (Lines of one header are joined into one:
/// HttpClient sends no other way.)
/// </summary>
internal sealed class FaithfulTransformer : HttpTransformer
{
    public static readonly FaithfulTransformer Instance = new();

    private static readonly UriCreationOptions Raw = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix,
            CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var target = httpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/'))
        {
            proxyRequest.RequestUri = new Uri(destinationPrefix.TrimEnd('/') + target, Raw);
        }

        proxyRequest.Headers.Host = httpContext.Request.Host.Value;
    }
}
