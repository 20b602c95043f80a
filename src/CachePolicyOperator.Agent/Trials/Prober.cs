using System.Net;
using System.Text;

namespace CachePolicyOperator.Agent.Trials;

/// <summary>Asks varnishd beside the agent, as a client does.</summary>
internal sealed class Prober : IDisposable
{
    private const int MostRead = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly UriCreationOptions AsWritten =
        new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly IPEndPoint _address;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        MaxResponseDrainSize = 0,
    });

    public Prober(IPEndPoint address, TimeProvider time)
    {
        _address = address;
        _time = time;
    }

    /// <param name="target">Sent byte by byte.</param>
    public async Task<ProbeAnswer> AskAsync(
        string host,
        string target,
        IEnumerable<(string Name, string Value)> fields,
        CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{_address}{target}", AsWritten));
            request.Headers.Host = host;
            foreach (var (name, value) in fields)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await _http.SendAsync(request, either.Token);
            return new ProbeAnswer(
                (int)response.StatusCode,
                $"{response.Headers}\n{await ReadAsync(response.Content, either.Token)}",
                Number(response));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ProbeAnswer(0, e is OperationCanceledException ? "no answer in time" : e.Message, null);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string? Number(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Varnish", out var number)
        || response.Headers.TryGetValues("X-Vinyl", out number)
            ? number.FirstOrDefault()
            : null;

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MostRead];
        var length = await body.ReadAtLeastAsync(buffer, MostRead, throwOnEndOfStream: false, cancellationToken);
        return Encoding.Latin1.GetString(buffer, 0, length);
    }
}
