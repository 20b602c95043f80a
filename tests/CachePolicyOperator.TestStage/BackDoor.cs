using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestStage;

/// <summary>Somebody with a shell in the cache pods, who loads a VCL with varnishadm.</summary>
public static class BackDoor
{
    private const string Faster = "faster";

    /// <summary>Loads the VCL in every cache pod of a namespace and returns their working directories.</summary>
    public static async Task<IReadOnlyList<string>> LoadEverywhereAsync(
        Stage stage, string space, string vcl, CancellationToken cancellationToken, string name = Faster)
    {
        var file = Path.Combine(Path.GetTempPath(), $"faster-{Guid.NewGuid():N}.vcl");
        await File.WriteAllTextAsync(file, vcl, cancellationToken);
        try
        {
            string[] directories =
            [
                .. (await VarnishesAsync(stage, space, cancellationToken)).Select(pod => WorkingDirectoryOf(
                    stage.Kubelet.Process(space, pod, "varnish")?.Id
                        ?? throw new StageException($"varnishd of {pod} does not run"))),
            ];
            await Task.WhenAll(directories.Select(d => LoadAsync(d, name, file, cancellationToken)));
            return directories;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task LoadAsync(string directory, string name, string file, CancellationToken cancellationToken)
    {
        // One of that name from before is the same.
        if (!(await AdminAsync(directory, cancellationToken, "vcl.list"))
            .Contains($" {name}\n", StringComparison.Ordinal))
        {
            await AdminAsync(directory, cancellationToken, "vcl.load", name, file);
        }
    }

    /// <summary>Makes it serve, everywhere at once.</summary>
    public static Task UseEverywhereAsync(
        IReadOnlyList<string> directories, CancellationToken cancellationToken, string name = Faster) =>
        Task.WhenAll(directories.Select(d => AdminAsync(d, cancellationToken, "vcl.use", name)));

    /// <summary>Runs a command of varnishadm in every cache pod of a namespace.</summary>
    public static async Task AdminEverywhereAsync(
        Stage stage, string space, CancellationToken cancellationToken, params string[] command)
    {
        foreach (var pod in await VarnishesAsync(stage, space, cancellationToken))
        {
            if (stage.Kubelet.Process(space, pod, "varnish") is { } varnish)
            {
                await AdminAsync(WorkingDirectoryOf(varnish.Id), cancellationToken, command);
            }
        }
    }

    /// <summary>Where the agent of a pod keeps what it restores from.</summary>
    public static string StateDirectoryOf(Stage stage, string space, string pod)
    {
        var agent = stage.Kubelet.Process(space, pod, "agent")
            ?? throw new StageException($"the agent of {pod} does not run");
        var words = File.ReadAllText($"/proc/{agent.Id}/cmdline").Split('\0');
        return words[Array.IndexOf(words, "--state") + 1];
    }

    /// <summary>The text that serves in a pod; null where its varnishd does not run or has none.</summary>
    public static async Task<string?> ServingAsync(
        Stage stage, string space, string pod, CancellationToken cancellationToken)
    {
        if (stage.Kubelet.Process(space, pod, "varnish") is not { Exited.IsCompleted: false } varnish)
        {
            return null;
        }

        try
        {
            var directory = WorkingDirectoryOf(varnish.Id);
            var list = await AdminAsync(directory, cancellationToken, "vcl.list");
            var active = list.Split('\n').FirstOrDefault(l => l.StartsWith("active", StringComparison.Ordinal))?
                .Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, _, var name, ..] ? name : null;
            return active is null ? null : await AdminAsync(directory, cancellationToken, "vcl.show", active);
        }
        catch (Exception e) when (e is StageException or IOException)
        {
            // It ends at this moment.
            return null;
        }
    }

    /// <summary>Names of the pods with a varnishd.</summary>
    public static async Task<IReadOnlyList<string>> VarnishesAsync(
        Stage stage, string space, CancellationToken cancellationToken) =>
    [
        .. (await stage.Client.CoreV1.ListNamespacedPodAsync(space, cancellationToken: cancellationToken)).Items
            .Where(p => p.Metadata.DeletionTimestamp is null && p.Spec.Containers.Any(c => c.Name == "varnish"))
            .Select(p => p.Name())
            .Order(StringComparer.Ordinal),
    ];

    private static async Task<string> AdminAsync(
        string directory, CancellationToken cancellationToken, params string[] command)
    {
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.VarnishAdm, ["-n", directory, .. command]), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new StageException(result.Text);
        }

        return result.Text;
    }

    // The directory that varnishd was given with -n, from its command line.
    private static string WorkingDirectoryOf(int process)
    {
        var words = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        return words[Array.IndexOf(words, "-n") + 1];
    }
}
