using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Demo.Play;

/// <summary>Somebody with a shell in the cache pods, who loads a VCL with varnishadm.</summary>
internal static class BackDoor
{
    /// <summary>Loads and uses the VCL in every cache pod and returns their number.</summary>
    public static async Task<int> LoadEverywhereAsync(Stage stage, string vcl, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Path.GetTempPath(), $"faster-{Guid.NewGuid():N}.vcl");
        await File.WriteAllTextAsync(file, vcl, cancellationToken);
        try
        {
            var pods = (await stage.Client.CoreV1.ListNamespacedPodAsync(Storefront.Namespace, cancellationToken: cancellationToken)).Items
                .Where(p => p.Spec.Containers.Any(c => c.Name == "varnish")).ToArray();
            foreach (var pod in pods)
            {
                var process = stage.Kubelet.Process(pod.Namespace(), pod.Name(), "varnish")
                    ?? throw new PlayException($"varnishd of {pod.Name()} does not run");
                await AdminAsync(process.Id, cancellationToken, "vcl.load", "faster", file);
                await AdminAsync(process.Id, cancellationToken, "vcl.use", "faster");
            }

            return pods.Length;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task AdminAsync(int process, CancellationToken cancellationToken, params string[] command)
    {
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.VarnishAdm, ["-n", WorkingDirectoryOf(process), .. command]), cancellationToken);
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
