using System.Text.RegularExpressions;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>The program beside the real kubectl: as its plugin, with its kubeconfigs, and in a real shell.</summary>
[Collection(nameof(UsesKinds))]
public sealed partial class KubectlTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>,
    IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _directory = new("kubectl");
    private string _space = "";

    public async Task InitializeAsync()
    {
        await KubectlAsync("apply", "-f", Repository.Crds);
        await KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "-f", Repository.Crds);
        _space = await cluster.NewNamespaceAsync();
        await File.WriteAllTextAsync(_directory.File("policy.yaml"),
            (await File.ReadAllTextAsync(Repository.Example("storefront.yaml")))
            .Replace("namespace: web", $"namespace: {_space}", StringComparison.Ordinal));
        await KubectlAsync("apply", "-f", _directory.File("policy.yaml"));
        var program = Environment.GetEnvironmentVariable("CACHEPOLICY_PROGRAM")
            ?? Path.Combine(AppContext.BaseDirectory, "cachepolicy");
        foreach (var name in new[] { "cachepolicy", "kubectl-cachepolicy" })
        {
            File.CreateSymbolicLink(_directory.File(name), program);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Kubectl_calls_it_as_its_plugin_with_options_before_and_behind_the_verb()
    {
        var before = await RunAsync(Assets.Kubectl, "cachepolicy", "-n", _space, "status", "storefront");
        var behind = await RunAsync(Assets.Kubectl, "cachepolicy", "status", $"--namespace={_space}", "-o", "table");
        var wrong = await RunAsync(Assets.Kubectl, "cachepolicy", "incident", "lst");

        Assert.Equal((0, 0, 2), (before.ExitCode, behind.ExitCode, wrong.ExitCode));
        Assert.Contains($"{_space}/storefront is not looked at yet", before.Text, StringComparison.Ordinal);
        Assert.Contains("storefront", behind.Text, StringComparison.Ordinal);
        Assert.Contains("there is no command `incident lst`", wrong.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_files_of_KUBECONFIG_are_joined_as_kubectl_joins_them()
    {
        // The context stands in one file; where and who it is in another, with a path that is from there.
        var whole = await File.ReadAllTextAsync(cluster.ControlPlane.KubeconfigPath);
        var at = (Contexts: whole.IndexOf("contexts:", StringComparison.Ordinal),
            Users: whole.IndexOf("users:", StringComparison.Ordinal));
        var below = Directory.CreateDirectory(_directory.File("below")).FullName;
        var authority = Authority().Match(whole);
        await File.WriteAllBytesAsync(Path.Combine(below, "ca.crt"),
            Convert.FromBase64String(authority.Groups[1].Value));
        await File.WriteAllTextAsync(_directory.File("contexts.yaml"),
            $"apiVersion: v1\nkind: Config\ncurrent-context: test\n{whole[at.Contexts..at.Users]}");
        await File.WriteAllTextAsync(
            Path.Combine(below, "others.yaml"),
            (whole[..at.Contexts] + whole[at.Users..]).Replace("current-context: test\n", "", StringComparison.Ordinal)
                .Replace(authority.Value, "\"certificate-authority\": \"ca.crt\"", StringComparison.Ordinal));
        var files = string.Join(':', _directory.File("contexts.yaml"), _directory.File("missing.yaml"),
            Path.Combine(below, "others.yaml"));

        var kubectl = await RunWithAsync(files, Assets.Kubectl, "get", "cachepolicies", "-n", _space);
        var run = await RunWithAsync(files, _directory.File("cachepolicy"), "status", "-n", _space);

        Assert.True(kubectl.ExitCode == 0, kubectl.Text);
        Assert.True(run.ExitCode == 0, run.Text);
        Assert.Contains("storefront", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_commands_options_and_values()
    {
        var run = await RunAsync("bash", "-c", """
            source <(cachepolicy completion bash)
            try() {
                COMP_WORDS=(cachepolicy "$@")
                COMP_CWORD=$#
                _cachepolicy
                echo "${COMPREPLY[@]}"
            }
            try sta
            try incident ''
            try fallback x --level ''
            try fallback x --level = By
            try status --wat
            try completion ''
            try verify -f ''
            """);

        Assert.Equal((0, "status\nlist show\nBypassed NoCache\nBypassed\n--watch\nbash fish zsh\n"),
            (run.ExitCode, run.Text));
    }

    [Theory]
    [InlineData("store", "status", "-n", "__SPACE__")]
    [InlineData("store", "-n", "__SPACE__", "fallback")]
    [InlineData("__SPACE__", "wait", "storefront", "--namespace")]
    [InlineData("te", "status", "--context")]
    public async Task A_shell_is_told_names_of_the_cluster(string unfinished, params string[] before)
    {
        string[] words =
            [.. before.Append(unfinished).Select(w => w.Replace("__SPACE__", _space, StringComparison.Ordinal))];

        var run = await CliRun.OfAsync(
            [], new() { ["KUBECONFIG"] = cluster.ControlPlane.KubeconfigPath }, ["__complete", "--", .. words]);

        var offered = unfinished switch { "store" => "storefront", "te" => "test", _ => _space };
        Assert.Equal((0, $"{offered}\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Theory]
    [InlineData("zsh", "-f -c 'autoload -Uz compinit; compinit -D; source SCRIPT; whence -w _cachepolicy'",
        "_cachepolicy: function")]
    [InlineData("fish", "-c 'source SCRIPT; complete -C \"cachepolicy sta\"'", "status\tShow how much")]
    public async Task Other_shells_take_their_scripts(string shell, string command, string expected)
    {
        var script = await RunAsync(_directory.File("cachepolicy"), "completion", shell);
        await File.WriteAllTextAsync(_directory.File("script"), script.Text);

        var run = await RunAsync("bash", "-c",
            $"{shell} {command.Replace("SCRIPT", _directory.File("script"), StringComparison.Ordinal)}");

        Assert.Contains(expected, run.Text, StringComparison.Ordinal);
    }

    private Task<ProcessResult> RunAsync(string program, params string[] arguments) =>
        RunWithAsync(cluster.ControlPlane.KubeconfigPath, program, arguments);

    private Task<ProcessResult> RunWithAsync(string kubeconfig, string program, params string[] arguments) =>
        ChildProcess.RunAsync(
        new ChildProcessOptions(program, arguments)
        {
            Environment = new Dictionary<string, string?>
            {
                ["KUBECONFIG"] = kubeconfig,
                ["PATH"] =
                    $"{Path.GetDirectoryName(_directory.File("x"))}:{Environment.GetEnvironmentVariable("PATH")}",
            },
        },
        CancellationToken.None);

    private async Task KubectlAsync(params string[] arguments)
    {
        var result = await RunAsync(Assets.Kubectl, arguments);
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}\n{result.Text}");
    }

    [GeneratedRegex("\"certificate-authority-data\": \"([^\"]*)\"")]
    private static partial Regex Authority();
}
