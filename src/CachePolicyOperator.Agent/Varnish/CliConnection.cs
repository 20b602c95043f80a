using System.Buffers.Text;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>One authenticated connection to varnishd's command line interface. Unusable after any failure.</summary>
internal sealed class CliConnection : IDisposable
{
    // "%-3d %-8d\n": status, length of the body; the body is followed by one more line feed.
    private const int HeaderLength = 13;
    private const int ChallengeLength = 32;
    private const int MaxBody = 128 * 1024 * 1024;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly byte[] _header = new byte[HeaderLength];

    private CliConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<CliConnection> OpenAsync(CliEndpoint endpoint, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
            var connection = new CliConnection(client);
            await connection.AuthenticateAsync(endpoint.SecretFile, cancellationToken);
            return connection;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends a whole command line and reads the whole answer.</summary>
    public async Task<CliReply> SendAsync(byte[] command, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(command, cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private async Task AuthenticateAsync(string? secretFile, CancellationToken cancellationToken)
    {
        var greeting = await ReadAsync(cancellationToken);
        if (greeting.Status == CliReply.AuthenticationRequired)
        {
            if (secretFile is null || greeting.Body.Length < ChallengeLength)
            {
                throw new VarnishUnavailableException(
                    "varnishd asks for a secret and none is configured (--secret-file)");
            }

            var secret = await File.ReadAllBytesAsync(secretFile, cancellationToken);
            var answer = Answer(greeting.Body.AsSpan(0, ChallengeLength), secret);
            greeting = await SendAsync(Encoding.ASCII.GetBytes($"auth {answer}\n"), cancellationToken);
        }

        if (greeting.Status != CliReply.Ok)
        {
            throw new VarnishUnavailableException(
                "varnishd did not accept the secret; the agent and varnishd must be given the same file "
                + "(-S, --secret-file)");
        }
    }

    private static string Answer(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> secret)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(challenge);
        hash.AppendData("\n"u8);
        hash.AppendData(secret);
        hash.AppendData(challenge);
        hash.AppendData("\n"u8);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<CliReply> ReadAsync(CancellationToken cancellationToken)
    {
        await _stream.ReadExactlyAsync(_header, cancellationToken);
        if (!Utf8Parser.TryParse(_header.AsSpan(0, 3), out int status, out var digits) || digits != 3
            || !Utf8Parser.TryParse(_header.AsSpan(4), out int length, out _) || length is < 0 or > MaxBody
            || _header[^1] != '\n')
        {
            throw new IOException("the answer does not begin as varnishd's command line does");
        }

        var body = new byte[length + 1];
        await _stream.ReadExactlyAsync(body, cancellationToken);
        return body[^1] == '\n'
            ? new CliReply(status, body[..^1])
            : throw new IOException("the answer does not end as varnishd's command line does");
    }
}
