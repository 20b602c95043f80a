using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CachePolicyOperator.Runtime.Options;
using k8s;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>
/// The connection to the API server: the library's TLS, credentials and handlers, with requests and answers as JSON of
/// our own, so that one object which does not fit its type cannot fail a whole list or vanish from a watch.
/// </summary>
public sealed class KubernetesApi : IDisposable
{
    private readonly Kubernetes _client;
    private readonly KubernetesClientConfiguration _configuration;
    private readonly RuntimeOptions _options;
    private readonly TimeProvider _time;

    public KubernetesApi(KubernetesClientConfiguration configuration, RuntimeOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        var setUp = configuration.FirstMessageHandlerSetup;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            // The library's own ping comes after 3 minutes, and it sets no connect timeout:
            // https://github.com/kubernetes-client/csharp/pull/781 and /issues/773
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
            handler.ConnectTimeout = TimeSpan.FromSeconds(10);
            setUp?.Invoke(handler);
        };
        configuration.UserAgent = options.Name;
        _client = new Kubernetes(configuration);
        _configuration = configuration;
        _options = options;
        _time = time;
    }

    /// <summary>
    /// The library's client on the same connection, for calls that the runtime does not offer. Its writes bypass the
    /// seam.
    /// </summary>
    public IKubernetes Client => _client;

    /// <summary>
    /// Sends a request and reads the whole answer, within <see cref="RuntimeOptions.RequestTimeout"/>.
    /// </summary>
    /// <exception cref="ApiException">The server refused.</exception>
    /// <exception cref="TimeoutException">No complete answer in time.</exception>
    public async Task<byte[]> RequestAsync(
        HttpMethod method, string path, string? body, string contentType, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await SendAsync(method, path, body, contentType, linked.Token);
            return await response.Content.ReadAsByteArrayAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} {path}: no answer within {_options.RequestTimeout}");
        }
    }

    /// <summary>Gets an answer.</summary>
    public Task<byte[]> GetAsync(string path, CancellationToken cancellationToken) =>
        RequestAsync(HttpMethod.Get, path, null, "", cancellationToken);

    /// <summary>
    /// Sends a request and returns as soon as the answer begins; only a watch reads what follows line by line.
    /// </summary>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? body, string contentType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, path));
        if (!_configuration.DisableHttp2)
            request.Version = HttpVersion.Version20;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType));
        if (!string.IsNullOrWhiteSpace(_configuration.TlsServerName))
            request.Headers.Host = _configuration.TlsServerName;
        if (_client.Credentials is { } credentials)
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);

        var response = await _client.HttpClient.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var refusal = await response.Content.ReadAsStringAsync(cancellationToken);
            throw ApiException.From($"{method} {path}", response.StatusCode, refusal);
        }
    }

    public void Dispose() => _client.Dispose();
}
