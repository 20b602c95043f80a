using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// A real program run for a test: its lines are kept, it dies with the test process, and its children with it.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int SignalTerminate = 15;

    private readonly ChildProcessOptions _options;
    private readonly Process _process;
    private readonly ProcessOutput _output;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ChildProcessOptions options)
    {
        _options = options;
        _output = new ProcessOutput(options.LogFile);
        _process = new Process { StartInfo = StartInfo(options), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _output.Add(line.Data);
        _process.Exited += (_, _) => OnExited();
    }

    public int Id => _process.Id;

    /// <summary>Ends with the exit code when the process has ended.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>The newest lines of both outputs, oldest first.</summary>
    public IReadOnlyList<string> Lines => _output.Lines;

    public static ChildProcess Start(string program, params string[] arguments) =>
        Start(new ChildProcessOptions(program, arguments));

    public static ChildProcess Start(ChildProcessOptions options)
    {
        var child = new ChildProcess(options);
        SpawnThread.Run(() => child._process.Start());
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and returns its exit code and lines.</summary>
    public static async Task<ProcessResult> RunAsync(ChildProcessOptions options, CancellationToken cancellationToken)
    {
        await using var child = Start(options);
        var code = await child.Exited.WaitAsync(cancellationToken);
        await child.DrainedAsync(cancellationToken);
        return new ProcessResult(code, child.Lines);
    }

    /// <summary>
    /// The first line, said already or still to come, that the predicate takes; throws with the log when the process
    /// ends first.
    /// </summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> predicate, CancellationToken cancellationToken)
    {
        var line = _output.WaitAsync(predicate, cancellationToken);
        if (await Task.WhenAny(line, Exited) != line)
        {
            await DrainedAsync(cancellationToken);
        }

        if (Exited.IsCompleted && !line.IsCompleted)
        {
            throw new ProcessEndedException(_options.Program, await Exited, Tail());
        }

        return await line;
    }

    /// <summary>The last lines, for a message.</summary>
    public string Tail(int lines = 30) => string.Join('\n', Lines.TakeLast(lines));

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Signal(SignalTerminate);

    /// <summary>Sends any signal to the process alone, to stop (19), go on (18) or kill (9) it.</summary>
    public void Signal(int signal)
    {
        if (!Exited.IsCompleted)
        {
            _ = NativeKill(Id, signal);
        }
    }

    /// <summary>Kills the process and everything below it at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has just ended by itself.
        }
    }

    /// <summary>Ends the process: politely for the time of grace, then for sure.</summary>
    public async Task StopAsync()
    {
        if (_options.Grace > TimeSpan.Zero)
        {
            Terminate();
            await Task.WhenAny(Exited, Task.Delay(_options.Grace, TimeProvider.System, CancellationToken.None));
        }

        if (!Exited.IsCompleted)
        {
            Kill();
            await Exited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        _output.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int pid, int signal);

    private static ProcessStartInfo StartInfo(ChildProcessOptions options)
    {
        // setpriv asks the kernel to kill the program when the thread that started it, hence the test process, is gone.
        var command = SpawnThread.SetPriv is { } setpriv
            ? [setpriv, "--pdeathsig", "KILL", "--", options.Program, .. options.Arguments]
            : (string[])[options.Program, .. options.Arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = options.WorkingDirectory ?? string.Empty,
        };
        if (options.CleanEnvironment)
        {
            start.Environment.Clear();
            start.Environment["PATH"] = System.Environment.GetEnvironmentVariable("PATH");
        }

        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // The exit can overtake the last lines; a grandchild that lives on can hold the outputs open for ever.
    private async Task DrainedAsync(CancellationToken cancellationToken) =>
        await Task.WhenAny(_output.Drained,
            Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken));

    private void OnExited()
    {
        try
        {
            _exited.TrySetResult(_process.ExitCode);
        }
        catch (InvalidOperationException)
        {
            _exited.TrySetResult(-1);
        }
    }
}
