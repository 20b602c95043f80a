using System.Globalization;
using System.Net.Sockets;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>Asks a container whether it is ready, as its probe says.</summary>
internal sealed class Probe(
    V1Probe probe, V1Container container, PodAddress address, Func<IEnumerable<string>, Task<int>> run)
{
    // As the real kubelet: a probe does not judge certificates, and does not follow to another host.
#pragma warning disable CA5359
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    });
#pragma warning restore CA5359

    private int _successes;
    private int _failures;

    public bool Passed { get; private set; }

    public async Task AskAsync(CancellationToken cancellationToken)
    {
        using var timeout =
            new CancellationTokenSource(TimeSpan.FromSeconds(probe.TimeoutSeconds ?? 1), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        if (await SucceedsAsync(either.Token))
        {
            _failures = 0;
            Passed |= ++_successes >= (probe.SuccessThreshold ?? 1);
        }
        else
        {
            _successes = 0;
            Passed &= ++_failures < (probe.FailureThreshold ?? 3);
        }
    }

    private async Task<bool> SucceedsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return probe switch
            {
                { HttpGet: { } http } => await HttpAsync(http, cancellationToken),
                { TcpSocket: { } tcp } => await TcpAsync(Port(tcp.Port), cancellationToken),
                { Exec: { } exec } => await run(exec.Command).WaitAsync(cancellationToken) == 0,
                _ => true,
            };
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> HttpAsync(V1HTTPGetAction http, CancellationToken cancellationToken)
    {
        var scheme = http.Scheme?.Equals("HTTPS", StringComparison.OrdinalIgnoreCase) == true ? "https" : "http";
        using var request =
            new HttpRequestMessage(HttpMethod.Get, $"{scheme}://{address}:{Port(http.Port)}{http.Path ?? "/"}");
        foreach (var header in http.HttpHeaders ?? [])
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using var answer = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (int)answer.StatusCode is >= 200 and < 400;
    }

    private async Task<bool> TcpAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Ip, port, cancellationToken);
        return true;
    }

    private int Port(IntOrString port) =>
        int.TryParse(port.Value, CultureInfo.InvariantCulture, out var number)
            ? number
            : container.Ports.First(each => each.Name == port.Value).ContainerPort;
}
