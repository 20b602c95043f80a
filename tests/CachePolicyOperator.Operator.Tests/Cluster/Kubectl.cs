using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>The real kubectl.</summary>
internal static class Kubectl
{
    public static async Task<ProcessResult> RunAsync(ControlPlane controlPlane, string? inNamespace, params string[] arguments)
    {
        string[] where = inNamespace is null ? [] : ["--namespace", inNamespace];
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        return await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Kubectl, ["--kubeconfig", controlPlane.KubeconfigPath, .. where, .. arguments]), timeout.Token);
    }

    /// <summary>Applies a manifest as a person would.</summary>
    public static async Task<ProcessResult> ApplyAsync(ControlPlane controlPlane, string inNamespace, string manifest)
    {
        using var directory = new TemporaryDirectory("manifest");
        var file = Path.Combine(directory.Path, "manifest.yaml");
        await File.WriteAllTextAsync(file, manifest);
        return await RunAsync(controlPlane, inNamespace, "apply", "-f", file);
    }

    /// <summary>A path of the repository.</summary>
    public static string Repository(string path)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "CachePolicyOperator.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory!.FullName, path);
    }
}
