using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;

namespace CachePolicyOperator.EndToEnd.Tests.Typed;

/// <summary>
/// docs/quickstart.md, typed as it stands into a shell, on a real API server that is empty: helm, kubectl and
/// cachepolicy. Only the images are not built: programs of this checkout stand for them.
/// </summary>
public sealed class QuickStartTests : IDisposable
{
    private const string Registry = "registry.example.com/cache/cachepolicy";

    private static readonly string[] OfImages = ["make ", "for "];

    private readonly TemporaryDirectory _directory = new("quickstart");

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Whoever_types_the_quick_start_sees_what_it_says()
    {
        await using var cluster = await ControlPlane.StartAsync(
            new ControlPlaneOptions { ControllerManager = true, ServiceAddresses = true });
        await using var services = ServiceProxy.Start(cluster.Client);
        await using var kubelet = await TestKubelet.StartAsync(cluster, Programs.Kubelet with
        {
            Images = new Dictionary<string, IReadOnlyList<string>>
            {
                [$"{Registry}-operator"] = [Programs.Operator],
                [$"{Registry}-agent"] = Programs.Kubelet.Images[Programs.AgentImage],
                ["docker.io/library/nginx"] = [Programs.Shop, "--listen", "0.0.0.0:80"],
            },
        });
        Prepare();

        var said = new List<string>();
        foreach (var command in ConsoleCommand.Of(Repository.Root, "docs/quickstart.md")
            .Where(c => !OfImages.Any(c.Line.StartsWith)))
        {
            var run = await TypeAsync(command.Line, cluster.KubeconfigPath);
            // On a busy machine; a person does as it says.
            while (run.Text.Contains("try again in a few seconds", StringComparison.Ordinal))
            {
                run = await TypeAsync(command.Line, cluster.KubeconfigPath);
            }

            said.Add($"$ {command.Line}\n{run.Text}");
            Assert.True(
                ConsoleCommand.IsAsTold(command.Expected, run.Text)
                    && (run.ExitCode == 0 || command.Expected.Contains("rror", StringComparison.Ordinal)),
                $"should say\n{command.Expected}\nand it went so\n{string.Join('\n', said)}\n{kubelet.Describe()}");
        }

        Assert.True(said.Count >= 15, string.Join('\n', said));
    }

    public void Dispose() => _directory.Dispose();

    private Task<ProcessResult> TypeAsync(string line, string kubeconfig) => ChildProcess.RunAsync(
        new ChildProcessOptions("bash", ["-c", line])
        {
            WorkingDirectory = Path.GetDirectoryName(_directory.File("x")),
            Environment = new Dictionary<string, string?>
            {
                ["KUBECONFIG"] = kubeconfig,
                ["PATH"] = $"{_directory.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
                ["HOME"] = _directory.File("home"),
            },
        },
        CancellationToken.None);

    private void Prepare()
    {
        Directory.CreateDirectory(_directory.File("bin"));
        Directory.CreateDirectory(_directory.File("home"));
        Directory.CreateSymbolicLink(_directory.File("charts"), Path.Combine(Repository.Root, "charts"));
        foreach (var (name, program) in new[] { ("cachepolicy", Programs.Cli), ("kubectl", Assets.Kubectl),
            ("helm", Assets.Helm) })
        {
            File.CreateSymbolicLink(_directory.File($"bin/{name}"), program);
        }
    }
}
