using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>The volumes of one pod as directories, kept as the API server has them.</summary>
internal sealed class PodVolumes(VolumeReader reader, string root)
{
    private readonly Dictionary<string, VolumeDirectory> _directories = [];

    /// <summary>Brings all volumes up to date; tells what is missing, or null.</summary>
    public async Task<string?> RefreshAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            if (await reader.ReadAsync(pod, volume, cancellationToken) is not { } content)
            {
                return $"MountVolume.SetUp failed for volume \"{volume.Name}\": its secret or config map, or a key of "
                    + "it, not found";
            }

            Directory(volume.Name).Write(content);
        }

        return null;
    }

    /// <summary>Where the mounts of a container lie on this machine: mount path → directory or file.</summary>
    public IEnumerable<KeyValuePair<string, string>> Mounts(V1Pod pod, V1Container container)
    {
        foreach (var mount in container.VolumeMounts ?? [])
        {
            var volume = pod.Spec.Volumes.First(each => each.Name == mount.Name);
            var source = volume.HostPath?.Path ?? Directory(volume.Name).Path;
            yield return new(mount.MountPath, mount.SubPath is null ? source : Path.Combine(source, mount.SubPath));
        }
    }

    private VolumeDirectory Directory(string name) =>
        _directories.TryGetValue(name, out var directory) ? directory
            : _directories[name] = new VolumeDirectory(Path.Combine(root, name));
}
