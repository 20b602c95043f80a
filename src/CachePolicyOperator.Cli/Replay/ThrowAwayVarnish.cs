using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>
/// A real varnishd on a free loopback port with a directory of its own. It is steered through its standard input
/// (<c>-d</c>), so it ends with this process, however that ends.
/// </summary>
internal sealed partial class ThrowAwayVarnish : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cachepolicy-replay-");
    private readonly TimeProvider _time;
    private Process? _process;
    private bool _isVinyl;
    private Task<string> _errors = Task.FromResult("");

    private ThrowAwayVarnish(TimeProvider time) => _time = time;

    /// <summary>As varnishd says it: <c>7.1.1</c>.</summary>
    public string Version { get; private set; } = "";

    /// <summary>As its project calls it: <c>Varnish 7.1.1</c>.</summary>
    public string Name => _isVinyl ? $"Vinyl Cache {Version}" : $"Varnish {Version}";

    /// <summary>What runs: <c>varnishd 7.1.1</c>.</summary>
    public string Program => _isVinyl ? $"vinyld {Version}" : $"varnishd {Version}";

    public int Port { get; private set; }

    /// <exception cref="VarnishRefusedException">It does not start, or does not take the VCL.</exception>
    public static async Task<ThrowAwayVarnish> StartAsync(
        string program, byte[] vcl, bool allowsUnused, TimeProvider time, CancellationToken cancellationToken)
    {
        var varnish = new ThrowAwayVarnish(time);
        try
        {
            await varnish.StartAsync(program, vcl, allowsUnused, cancellationToken);
            return varnish;
        }
        catch
        {
            await varnish.DisposeAsync();
            throw;
        }
    }

    /// <summary>Empties the cache.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) => TellAsync("ban obj.status != 0", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), _time);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }

        try
        {
            _directory.Delete(recursive: true);
        }
        catch (IOException)
        {
            // What varnishd still writes while it ends stays in the system's temporary directory.
        }
    }

    private async Task StartAsync(
        string program, byte[] vcl, bool allowsUnused, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_directory.FullName, "replay.vcl");
        await File.WriteAllBytesAsync(file, vcl, cancellationToken);
        string[] arguments =
        [
            "-d", "-j", "none", "-n", Path.Combine(_directory.FullName,
                "work"), "-a", "127.0.0.1:0", "-T", "none", "-f", allowsUnused ? string.Empty : file,
            "-s", "default,32m",
        ];
        try
        {
            _process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.Latin1,
            })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new VarnishRefusedException($"{program} does not start: {e.Message}");
        }

        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        var said = VersionLine().Match(await ReadAsync(cancellationToken));
        (_isVinyl, Version) = (said.Groups[1].Value == "vinyl-cache", said.Groups[2].Value);
        if (allowsUnused)
        {
            await AllowUnusedAsync(cancellationToken);
            await TellAsync($"vcl.load boot {file}", cancellationToken);
            await TellAsync("vcl.use boot", cancellationToken);
        }

        await TellAsync("start", cancellationToken);
        var address = await TellAsync("debug.listen_address", cancellationToken);
        Port = int.Parse(address.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[2],
            CultureInfo.InvariantCulture);
    }

    // A parameter of its own in older versions.
    private async Task AllowUnusedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TellAsync("param.set vcc_feature -err_unref", cancellationToken);
        }
        catch (VarnishRefusedException)
        {
            await TellAsync("param.set vcc_err_unref off", cancellationToken);
        }
    }

    private async Task<string> TellAsync(string command, CancellationToken cancellationToken)
    {
        await _process!.StandardInput.WriteAsync($"{command}\n".AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    // An answer is a line of status and length, the text, and a line end.
    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var output = _process!.StandardOutput;
        var head = new char[13];
        if (await output.ReadBlockAsync(head, either.Token) < head.Length)
        {
            throw new VarnishRefusedException((await _errors).Trim());
        }

        var text = new char[int.Parse(head.AsSpan(4).Trim(), CultureInfo.InvariantCulture) + 1];
        await output.ReadBlockAsync(text, either.Token);
        var answer = new string(text).TrimEnd('\n');
        return head.AsSpan(0, 3).SequenceEqual("200") ? answer : throw new VarnishRefusedException(answer);
    }

    [GeneratedRegex(@"(varnish|varnish-plus|vinyl-cache)-(\d+\.\d+(?:\.\d+)?)")]
    private static partial Regex VersionLine();
}
