using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace CachePolicyOperator.TestCluster.Kubelet.Images;

/// <summary>The images that containers run in, each unpacked once from its archive.</summary>
internal sealed class ImageStore(IReadOnlyDictionary<string, string> archives, string directory)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<UnpackedImage>>> _unpacked = new(StringComparer.Ordinal);

    /// <summary>The image that a container asks for; null where no archive stands for it.</summary>
    public async Task<UnpackedImage?> FindAsync(string? name)
    {
        var prefix = archives.Keys
            .Where(each => name?.StartsWith(each, StringComparison.Ordinal) == true)
            .MaxBy(each => each.Length);
        return prefix is null
            ? null
            : await _unpacked.GetOrAdd(archives[prefix],
                archive => new Lazy<Task<UnpackedImage>>(() => UnpackAsync(archive))).Value;
    }

    private async Task<UnpackedImage> UnpackAsync(string archive)
    {
        var place = Path.Combine(directory, $"image-{_unpacked.Count}-{Path.GetFileNameWithoutExtension(archive)}");
        var (layout, root) = (Path.Combine(place, "layout"), Path.Combine(place, "root"));
        Directory.CreateDirectory(place);
        await RunAsync("skopeo", "copy", "--quiet", $"oci-archive:{archive}", $"oci:{layout}:image");
        await RunAsync("umoci", "raw", "unpack", "--image", $"{layout}:image", root);
        var configuration =
            JsonNode.Parse(await RunAsync("skopeo", "inspect", "--config", $"oci:{layout}:image"))!["config"]!;
        Directory.Delete(layout, recursive: true);
        return new UnpackedImage(
            root, Words(configuration, "Entrypoint"), Words(configuration, "Cmd"), Words(configuration, "Env"),
            (string?)configuration["User"] ?? "0", (string?)configuration["WorkingDir"] ?? "/");
    }

    private static string[] Words(JsonNode configuration, string name) =>
        [.. (configuration[name]?.AsArray() ?? []).Select(word => (string)word!)];

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await ChildProcess.RunAsync(new ChildProcessOptions(program, arguments), CancellationToken.None);
        return result.ExitCode == 0
            ? result.Text
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)}: {result.Text}; `make assets STEPS=images` brings the tools");
    }
}
