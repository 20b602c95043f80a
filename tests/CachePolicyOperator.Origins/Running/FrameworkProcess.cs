using System.Net.Sockets;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Origins.Running;

/// <summary>Starts a framework by its <c>run</c> script and records it.</summary>
internal static class FrameworkProcess
{
    public static async Task<Recording> RecordAsync(
        Framework framework, string repository, CancellationToken cancellationToken)
    {
        var script = Path.Combine(repository, "tests/origins", framework.Directory, "run");
        var environment = new Dictionary<string, string?> { ["VARIANT"] = framework.Variant };
        var version = await ChildProcess.RunAsync(
            new ChildProcessOptions(script, ["version"]) { Environment = environment }, cancellationToken);
        using var work = new TemporaryDirectory($"origin-{framework.Id}");
        var port = Ports.Free();
        await using var server = ChildProcess.Start(
            new ChildProcessOptions(script, ["serve", $"{port}", work.Path]) { Environment = environment });
        await Eventually.TrueAsync($"{framework.Id} answers\n{server.Tail()}", token => AnswersAsync(port, token),
            cancellationToken);
        foreach (var page in framework.Routes)
        {
            await ExpectPageAsync(framework, page, port, cancellationToken);
        }

        return new Recording(framework.Id, $"{framework.Name} {version.Text.Trim()}",
            await Recorder.RunAsync(port, framework.Routes, cancellationToken));
    }

    // A page that is nowhere would make every answer "not personal".
    private static async Task ExpectPageAsync(
        Framework framework, PersonalPage page, int port, CancellationToken cancellationToken)
    {
        foreach (var target in new[] { page.Path, page.Path + "/" })
        {
            if (await Recorder.ReachesAsync(port, target, page.Answer, cancellationToken))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{framework.Id} has no `{page.Path}`");
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            return (await RawHttp.SendAsync("127.0.0.1", port, RawHttp.Request("GET", "/"),
                cancellationToken)).Status > 0;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}
