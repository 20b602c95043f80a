using System.Net;
using k8s;

namespace CachePolicyOperator.TestCluster.Ingress;

/// <summary>
/// Lists and watches the EndpointSlices of one Service, and tells the ready endpoints whenever they change.
/// </summary>
internal sealed class EndpointWatcher(
    IKubernetes client, string @namespace, string service, string? portName, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, EndpointSlice> _slices = [];

    /// <summary>Follows until cancelled; whatever ends the watch, it lists again.</summary>
    public async Task FollowAsync(Action<IReadOnlyList<IPEndPoint>> tell, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var path = await PathAsync(cancellationToken);
                var version = await ListAsync(path, cancellationToken);
                tell(Ready());
                await WatchAsync(path, version, () => tell(Ready()), cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The API server is away or has forgotten our version. What we know stays in use, as in kube-proxy.
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // Kubernetes 1.20 has v1beta1 only, 1.25 and later v1 only.
    private async Task<string> PathAsync(CancellationToken cancellationToken)
    {
        var group = await client.Discovery.GetAPIGroupAsync(cancellationToken);
        var version = group.Versions.Any(each => each.Version == "v1") ? "v1" : "v1beta1";
        var selector = Uri.EscapeDataString($"kubernetes.io/service-name={service}");
        return $"/apis/discovery.k8s.io/{version}/namespaces/{@namespace}/endpointslices?labelSelector={selector}";
    }

    private async Task<string> ListAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync(path, cancellationToken);
        var list =
            KubernetesJson.Deserialize<EndpointSliceList>(await answer.Content.ReadAsStringAsync(cancellationToken));
        _slices.Clear();
        foreach (var slice in list.Items)
        {
            _slices[slice.Metadata.Name] = slice;
        }

        return list.Metadata.ResourceVersion;
    }

    private async Task WatchAsync(string path, string version, Action changed, CancellationToken cancellationToken)
    {
        using var answer =
            await GetAsync($"{path}&watch=true&timeoutSeconds=300&resourceVersion={version}", cancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var change = KubernetesJson.Deserialize<EndpointSliceEvent>(line);
            switch (change.Type)
            {
                case "ADDED" or "MODIFIED":
                    _slices[change.Object.Metadata.Name] = change.Object;
                    break;
                case "DELETED":
                    _slices.Remove(change.Object.Metadata.Name);
                    break;
                default:
                    return;
            }

            changed();
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path));
        if (client is Kubernetes { Credentials: { } credentials })
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        var http = ((Kubernetes)client).HttpClient;
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return answer.EnsureSuccessStatusCode();
    }

    private IPEndPoint[] Ready() =>
    [
        .. from slice in _slices.Values
           from port in (slice.Ports ?? []).Where(port => portName is null || port.Name == portName)
               .Select(port => port.Port).OfType<int>().Take(1)
           from endpoint in slice.Endpoints ?? []
           where endpoint.Conditions?.Ready != false
           from address in endpoint.Addresses.Take(1)
           orderby address
           select new IPEndPoint(IPAddress.Parse(address), port),
    ];
}
