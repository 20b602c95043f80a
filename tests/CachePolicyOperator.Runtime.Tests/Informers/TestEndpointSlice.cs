using System.Text;
using CachePolicyOperator.Runtime.Client;

namespace CachePolicyOperator.Runtime.Tests.Informers;

/// <summary>
/// Makes an EndpointSlice in whichever version the server serves; the two look alike as far as we go.
/// </summary>
internal sealed class TestEndpointSlice(KubernetesApi api, ResourceType type)
{
    public async Task CreateAsync(string ns, string name, string address)
    {
        var body = new StringBuilder()
            .Append($$"""{"apiVersion":"{{type.ApiVersion}}","kind":"EndpointSlice","metadata":{"name":"{{name}}"},"addressType":"IPv4",""")
            .Append($$"""  "endpoints":[{"addresses":["{{address}}"],"conditions":{"ready":true} }],"ports":[{"name":"http","port":80}]}""");
        await api.RequestAsync(HttpMethod.Post, type.Path(ns), body.ToString(), "application/json",
            CancellationToken.None);
    }
}
