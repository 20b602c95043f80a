using System.Runtime.InteropServices;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>
/// A volume as a directory of this machine. Content that changes is swapped whole, as the real kubelet does it: files
/// are links into `..data`, which is a link to a directory of one generation.
/// </summary>
internal sealed class VolumeDirectory(string path)
{
    private VolumeContent? _written;
    private int _generation;

    public string Path { get; } = path;

    /// <summary>Makes the directory hold the content; does nothing when it does already.</summary>
    public void Write(VolumeContent content)
    {
        if (content.SameAs(_written))
        {
            return;
        }

        Directory.CreateDirectory(Path);
        if (content.Files.Count > 0 || _generation > 0)
        {
            WriteGeneration(Generation(_generation + 1), content);
            SwapData();
            LinkFiles(content);
        }

        _written = content;
    }

    private static void WriteGeneration(string directory, VolumeContent content)
    {
        Directory.CreateDirectory(directory);
        foreach (var (name, bytes) in content.Files)
        {
            var file = System.IO.Path.Combine(directory, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, bytes);
        }
    }

    // A rename over the old link: a reader sees all of the old generation or all of the new one.
    private void SwapData()
    {
        var data = System.IO.Path.Combine(Path, "..data");
        File.Delete(data + "_new");
        File.CreateSymbolicLink(data + "_new", System.IO.Path.GetFileName(Generation(_generation + 1)));
        if (NativeRename(data + "_new", data) != 0)
        {
            throw new IOException($"cannot swap {data}");
        }

        if (_generation > 0)
        {
            Directory.Delete(Generation(_generation), recursive: true);
        }

        _generation++;
    }

    private string Generation(int number) => System.IO.Path.Combine(Path, $"..{number:d4}");

    private void LinkFiles(VolumeContent content)
    {
        var wanted = content.Files.Keys.Select(name => name.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in wanted.Where(name => !System.IO.Path.Exists(System.IO.Path.Combine(Path, name))))
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, name), System.IO.Path.Combine("..data", name));
        }

        foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos())
        {
            if (!entry.Name.StartsWith("..", StringComparison.Ordinal) && !wanted.Contains(entry.Name))
            {
                entry.Delete();
            }
        }
    }

    [DllImport("libc", EntryPoint = "rename", CharSet = CharSet.Ansi, BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeRename(string from, string to);
}
