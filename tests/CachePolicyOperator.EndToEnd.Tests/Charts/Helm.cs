using CachePolicyOperator.TestCluster;
using k8s;

namespace CachePolicyOperator.EndToEnd.Tests.Charts;

/// <summary>The real helm, with a home of its own and the chart of this repository.</summary>
internal sealed class Helm(string? kubeconfig = null) : IDisposable
{
    private readonly TemporaryDirectory _home = new("helm");

    public static Task<ProcessResult> LintAsync(params string[] arguments) =>
        AloneAsync(["lint", "--strict", Repository.Chart, .. arguments]);

    public static Task<ProcessResult> TemplateAsync(string release, params string[] arguments) =>
        AloneAsync(["template", release, Repository.Chart, "--namespace", "cachepolicy-system", .. arguments]);

    /// <summary>What the chart makes of the values, as objects.</summary>
    public static async Task<IReadOnlyList<object>> RenderAsync(string release, params string[] arguments)
    {
        var result = await TemplateAsync(release, arguments);
        Assert.True(result.ExitCode == 0, result.Text);
        return KubernetesYaml.LoadAllFromString(result.Text);
    }

    /// <summary>Runs helm and insists on success.</summary>
    public async Task<ProcessResult> DoAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Text);
        return result;
    }

    public void Dispose() => _home.Dispose();

    private static async Task<ProcessResult> AloneAsync(string[] arguments)
    {
        using var helm = new Helm();
        return await helm.RunAsync(arguments);
    }

    private Task<ProcessResult> RunAsync(string[] arguments) => ChildProcess.RunAsync(
        new ChildProcessOptions(Assets.Helm, arguments)
        {
            Environment = new Dictionary<string, string?>
            {
                ["HELM_CACHE_HOME"] = _home.File("cache"),
                ["HELM_CONFIG_HOME"] = _home.File("config"),
                ["HELM_DATA_HOME"] = _home.File("data"),
                // Nobody's cluster by accident.
                ["KUBECONFIG"] = kubeconfig ?? "/nonexistent",
            },
        },
        CancellationToken.None);
}
