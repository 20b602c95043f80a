using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>The real kubectl.</summary>
internal static class Kubectl
{
    public static Task<ProcessResult> RunAsync(
        ControlPlane controlPlane, string? inNamespace, params string[] arguments) =>
        RunAsAsync(controlPlane.KubeconfigPath, inNamespace, arguments);

    /// <summary>As the user whom the file names.</summary>
    public static async Task<ProcessResult> RunAsAsync(
        string kubeconfig, string? inNamespace, params string[] arguments)
    {
        string[] where = inNamespace is null ? [] : ["--namespace", inNamespace];
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        return await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Kubectl, ["--kubeconfig", kubeconfig, .. where, .. arguments]),
                timeout.Token);
    }

    /// <summary>
    /// Applies a manifest as a person would, but for what kubectl itself would check by the schema: that takes as long
    /// as all the rest.
    /// </summary>
    public static Task<ProcessResult> ApplyAsync(ControlPlane controlPlane, string inNamespace, string manifest) =>
        ApplyAsAsync(controlPlane.KubeconfigPath, inNamespace, manifest);

    /// <summary>The same, as the user whom the file names.</summary>
    public static async Task<ProcessResult> ApplyAsAsync(string kubeconfig, string inNamespace, string manifest)
    {
        using var directory = new TemporaryDirectory("manifest");
        var file = Path.Combine(directory.Path, "manifest.yaml");
        await File.WriteAllTextAsync(file, manifest);
        return await RunAsAsync(kubeconfig, inNamespace, "apply", "--validate=false", "-f", file);
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
