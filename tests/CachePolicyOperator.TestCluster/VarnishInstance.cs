using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// A real varnishd on free loopback ports, with its own working directory, secret and management port.
/// </summary>
public sealed class VarnishInstance : IAsyncDisposable
{
    private const int Attempts = 3;

    private readonly TemporaryDirectory _directory = new("varnish");
    private ChildProcess? _process;
    private VarnishOptions _options = new();
    private int _names;

    private VarnishInstance()
    {
        SecretPath = _directory.File("secret");
        WorkDirectory = _directory.File("work");
        File.WriteAllText(SecretPath, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
    }

    public int HttpPort { get; } = Ports.Free();

    /// <summary>The port of Varnish's own command line protocol (`-T`).</summary>
    public int AdminPort { get; } = Ports.Free();

    public Uri Address => new($"http://127.0.0.1:{HttpPort}");

    /// <summary>The file with the secret of the management port (`-S`).</summary>
    public string SecretPath { get; }

    /// <summary>Varnish's working directory (`-n`), where its shared memory log is.</summary>
    public string WorkDirectory { get; }

    /// <summary>The manager process; ends when varnishd ends.</summary>
    public ChildProcess Process => _process ?? throw new InvalidOperationException("varnishd has not started");

    public static Task<VarnishInstance> StartAsync(string? vcl = null, CancellationToken cancellationToken = default) =>
        StartAsync(new VarnishOptions { Vcl = vcl }, cancellationToken);

    public static async Task<VarnishInstance> StartAsync(
        VarnishOptions options, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var varnish = new VarnishInstance();
            try
            {
                await varnish.StartProcessAsync(options, cancellationToken);
                return varnish;
            }
            catch (PortTakenException) when (attempt < Attempts)
            {
                await varnish.DisposeAsync();
            }
            catch
            {
                await varnish.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>VCL text of a backend on loopback, to put before a test's own.</summary>
    public static string Backend(int port, string name = "default") =>
        $$"""
          vcl 4.1;
          backend {{name}} { .host = "127.0.0.1"; .port = "{{port}}"; }

          """;

    /// <summary>
    /// Loads VCL text under a new name and uses it, as an operator's hand would with varnishadm; returns the name.
    /// </summary>
    public async Task<string> UseAsync(string vcl, CancellationToken cancellationToken = default)
    {
        var name = $"test{Interlocked.Increment(ref _names)}";
        var path = _directory.File($"{name}.vcl");
        await File.WriteAllTextAsync(path, vcl, cancellationToken);
        await AdminAsync(cancellationToken, "vcl.load", name, path);
        await AdminAsync(cancellationToken, "vcl.use", name);
        return name;
    }

    /// <summary>Runs one command with the real varnishadm; throws with its words when it fails.</summary>
    public Task<string> AdminAsync(params string[] command) => AdminAsync(CancellationToken.None, command);

    public async Task<string> AdminAsync(CancellationToken cancellationToken, params string[] command)
    {
        // On a busy machine a compilation takes longer than the 5 seconds that varnishadm waits by itself.
        string[] arguments = ["-n", WorkDirectory, "-t", "120", .. command];
        var result =
            await ChildProcess.RunAsync(new ChildProcessOptions(Assets.VarnishAdm, arguments), cancellationToken);
        return result.ExitCode == 0
            ? result.Text
            : throw new InvalidOperationException($"varnishadm {string.Join(' ', command)}: {result.Text}");
    }

    /// <summary>
    /// What is in the shared memory log now, by the real varnishlog; the arguments are its own, for example `-q`,
    /// `ReqURL eq "/"`.
    /// </summary>
    public async Task<IReadOnlyList<string>> LogAsync(params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.VarnishLog, ["-n", WorkDirectory, "-d", .. arguments]),
                CancellationToken.None);
        return result.Lines;
    }

    public Task StopAsync() => Process.StopAsync();

    /// <summary>
    /// Ends varnishd and starts it anew on the same ports and in the same working directory, with its first VCL only.
    /// </summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await Process.DisposeAsync();
        await StartProcessAsync(_options, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task StartProcessAsync(VarnishOptions options, CancellationToken cancellationToken)
    {
        _options = options;
        string[] boot = options.Vcl is null ? ["-b", "none"]
            : ["-f", await WriteBootVclAsync(options.Vcl, cancellationToken)];
        string[] arguments =
        [
            "-F", "-n", WorkDirectory, "-j", "none", .. options.Arguments,
            "-a", $"127.0.0.1:{HttpPort}", "-T", $"127.0.0.1:{AdminPort}", "-S", SecretPath,
            "-s", "default,64m", "-p", VarnishOptions.QuickCompiler, .. boot,
        ];
        _process = ChildProcess.Start(
            new ChildProcessOptions(Assets.VarnishD, arguments) { LogFile = _directory.File("varnishd.log") });
        await WaitUntilItServesAsync(cancellationToken);
    }

    private async Task<string> WriteBootVclAsync(string vcl, CancellationToken cancellationToken)
    {
        var path = _directory.File("boot.vcl");
        await File.WriteAllTextAsync(path, vcl, cancellationToken);
        return path;
    }

    // The manager listens before its child serves, so that a connection alone says nothing.
    private async Task WaitUntilItServesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Process.WaitForLineAsync(line => line.Contains("said Child starts", StringComparison.Ordinal),
                cancellationToken);
        }
        catch (ProcessEndedException) when (Process.Tail().Contains("in use", StringComparison.OrdinalIgnoreCase))
        {
            throw new PortTakenException(Process.Tail());
        }

        await Eventually.TrueAsync("varnishd to accept connections", CanConnectAsync, cancellationToken);
    }

    private async Task<bool> CanConnectAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, HttpPort, cancellationToken);
        return client.Connected;
    }
}
