using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Demo.Play;

/// <summary>Somebody with a shell in the cache pods, who loads a VCL with varnishadm.</summary>
internal static class BackDoor
{
    /// <summary>Loads the VCL in every cache pod and returns their working directories.</summary>
    public static async Task<IReadOnlyList<string>> LoadEverywhereAsync(Stage stage, string vcl, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Path.GetTempPath(), $"faster-{Guid.NewGuid():N}.vcl");
        await File.WriteAllTextAsync(file, vcl, cancellationToken);
        try
        {
            var pods = (await stage.Client.CoreV1.ListNamespacedPodAsync(Storefront.Namespace, cancellationToken: cancellationToken)).Items
                .Where(p => p.Spec.Containers.Any(c => c.Name == "varnish")).ToArray();
            string[] directories = [.. pods.Select(pod => WorkingDirectoryOf(
                stage.Kubelet.Process(pod.Namespace(), pod.Name(), "varnish")?.Id
                    ?? throw new PlayException($"varnishd of {pod.Name()} does not run")))];
            await Task.WhenAll(directories.Select(d => AdminAsync(d, cancellationToken, "vcl.load", "faster", file)));
            return directories;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Makes it serve, everywhere at once.</summary>
    public static Task UseEverywhereAsync(IReadOnlyList<string> directories, CancellationToken cancellationToken) =>
        Task.WhenAll(directories.Select(d => AdminAsync(d, cancellationToken, "vcl.use", "faster")));

    private static async Task AdminAsync(string directory, CancellationToken cancellationToken, params string[] command)
    {
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.VarnishAdm, ["-n", directory, .. command]), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new PlayException(result.Text);
        }
    }

    // The directory that varnishd was given with -n, from its command line.
    private static string WorkingDirectoryOf(int process)
    {
        var words = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        return words[Array.IndexOf(words, "-n") + 1];
    }
}
