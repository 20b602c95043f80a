using System.Net.Sockets;
using System.Text;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>
/// Sends commands to varnishd one after another, over one connection that is opened anew when it broke. A command whose
/// answer was lost is sent a second time, so every command must bear being done twice.
/// </summary>
internal sealed class CliClient(CliEndpoint endpoint, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);

    /// <summary>varnishd answers nothing while it compiles, whoever asked it to.</summary>
    public static readonly TimeSpan Switch = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Compile = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private CliConnection? _connection;

    /// <summary>The answer, where varnishd carried the command out.</summary>
    public async Task<CliReply> SendAsync(byte[] command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _turn.WaitAsync(both.Token);
            try
            {
                return Checked(command, await SendInTurnAsync(command, both.Token));
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new VarnishUnavailableException(
                $"varnishd did not answer `{Verb(command)}` within {timeout.TotalSeconds:0} s", e);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new VarnishUnavailableException($"varnishd cannot be reached: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        Drop();
        _turn.Dispose();
    }

    private async Task<CliReply> SendInTurnAsync(byte[] command, CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        try
        {
            return await SendOnceAsync(command, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // Either varnishd was restarted since the last command, or the answer to this one was lost: ask again.
            await ConnectAsync(cancellationToken);
            return await SendOnceAsync(command, cancellationToken);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _connection ??= await CliConnection.OpenAsync(endpoint, cancellationToken);
    }

    private async Task<CliReply> SendOnceAsync(byte[] command, CancellationToken cancellationToken)
    {
        var isWhole = false;
        try
        {
            var reply = await _connection!.SendAsync(command, cancellationToken);
            isWhole = true;
            return reply;
        }
        finally
        {
            if (!isWhole)
            {
                Drop();
            }
        }
    }

    private static CliReply Checked(byte[] command, CliReply reply) =>
        reply.Status == CliReply.Ok
            ? reply
            : throw new CliRefusedException(Verb(command), reply.Status, reply.Text.Trim());

    private static string Verb(ReadOnlySpan<byte> command)
    {
        var end = command.IndexOfAny(" \n"u8);
        return Encoding.UTF8.GetString(end < 0 ? command : command[..end]);
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
