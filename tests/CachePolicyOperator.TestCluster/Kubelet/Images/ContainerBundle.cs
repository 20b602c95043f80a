using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet.Images;

/// <summary>
/// A container as `crun` runs it: in the root file system of its image, with the user, the read-only root, the
/// capabilities, the system calls and the mounts of the pod. The network is the machine's, so that words are rewritten
/// as for plain processes.
/// </summary>
internal sealed class ContainerBundle(V1Pod pod, V1Container container, UnpackedImage image, string directory)
{
    // A layer of its own over the image, where mount points are made, in a mount namespace that goes away with the
    // process. crun asks for one hierarchy of control groups, which not every machine has.
    private const string Script = """
        set -e
        mount -t cgroup2 none /sys/fs/cgroup
        mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
        exec crun --cgroup-manager=disabled --root "$2/state" run --bundle "$2" "$3"
        """;

    /// <summary>Writes the bundle down; the program to run is what makes and follows the container.</summary>
    public ChildProcessOptions Write(
        IReadOnlyDictionary<string, string> variables, IReadOnlyList<ContainerMount> mounts, string processNamespace,
            PathRewriter addresses)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        foreach (var name in new[] { "upper", "work", "root", "state" })
        {
            Directory.CreateDirectory(Path.Combine(directory, name));
        }

        var configuration = Configuration(variables, mounts, processNamespace, addresses);
        File.WriteAllText(Path.Combine(directory, "config.json"), configuration.ToJsonString());
        return new ChildProcessOptions(
            "unshare",
                ["--mount", "--propagation", "private", "--", "sh", "-c", Script, "sh", image.Root, directory,
                $"{pod.Uid()}-{container.Name}"]);
    }

    private JsonObject Configuration(
        IReadOnlyDictionary<string, string> variables, IReadOnlyList<ContainerMount> mounts, string processNamespace,
            PathRewriter addresses)
    {
        var (own, shared) = (container.SecurityContext, pod.Spec.SecurityContext);
        var linux = new JsonObject
        {
            ["namespaces"] = new JsonArray(
                new JsonObject { ["type"] = "pid", ["path"] = processNamespace },
                new JsonObject { ["type"] = "mount" }, new JsonObject { ["type"] = "ipc" },
                    new JsonObject { ["type"] = "uts" }),
            ["maskedPaths"] =
                new JsonArray("/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"),
            ["readonlyPaths"] = new JsonArray("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"),
        };
        if ((own?.SeccompProfile ?? shared?.SeccompProfile)?.Type == "RuntimeDefault")
        {
            linux["seccomp"] = SeccompProfile.RuntimeDefault();
        }

        return new JsonObject
        {
            ["ociVersion"] = "1.0.0",
            ["hostname"] = pod.Spec.Hostname ?? pod.Name(),
            ["root"] = new JsonObject { ["path"] = "root", ["readonly"] = own?.ReadOnlyRootFilesystem == true },
            ["process"] = new JsonObject
            {
                ["user"] = User(),
                ["args"] = Strings(Words(variables).Select(addresses.Rewrite)),
                ["env"] = Strings(Environment(variables, addresses)),
                ["cwd"] = container.WorkingDir ?? image.WorkingDirectory,
                ["noNewPrivileges"] = own?.AllowPrivilegeEscalation == false,
                ["capabilities"] = Capabilities(own?.Capabilities),
            },
            ["mounts"] = new JsonArray([.. Usual().Concat(mounts.Select(Bind))]),
            ["linux"] = linux,
        };
    }

    private IEnumerable<string> Words(IReadOnlyDictionary<string, string> variables)
    {
        IEnumerable<string> Expanded(IEnumerable<string> words) =>
            words.Select(word => ContainerEnvironment.Expand(word, variables));
        return container switch
        {
            { Command: { Count: > 0 } command } => Expanded(command.Concat(container.Args ?? [])),
            { Args: { Count: > 0 } arguments } => image.Entrypoint.Concat(Expanded(arguments)),
            _ => image.Entrypoint.Concat(image.Command),
        };
    }

    private IEnumerable<string> Environment(IReadOnlyDictionary<string, string> variables, PathRewriter addresses) =>
        image.Environment
            .Where(line => !variables.ContainsKey(line.Split('=')[0]))
            .Append($"HOSTNAME={pod.Spec.Hostname ?? pod.Name()}")
            .Concat(variables.Select(variable => $"{variable.Key}={addresses.Rewrite(variable.Value)}"));

    private JsonObject User()
    {
        var (own, shared) = (container.SecurityContext, pod.Spec.SecurityContext);
        var ids = image.User.Split(':').Select(id => long.Parse(id, CultureInfo.InvariantCulture)).ToArray();
        var user = own?.RunAsUser ?? shared?.RunAsUser ?? ids[0];
        if ((own?.RunAsNonRoot ?? shared?.RunAsNonRoot) == true && user == 0)
        {
            throw new InvalidOperationException("container has runAsNonRoot and image will run as root");
        }

        return new JsonObject
        {
            ["uid"] = user,
            // As runtimes do: a user that is not the image's is in the group 0, unless told.
            ["gid"] = own?.RunAsGroup ?? shared?.RunAsGroup ?? (user == ids[0] && ids.Length > 1 ? ids[1] : 0),
            ["additionalGids"] = new JsonArray([.. (shared?.SupplementalGroups ?? []).Concat(
                shared?.FsGroup is { } group ? [group] : Array.Empty<long?>()).Select(id => JsonValue.Create(id))]),
        };
    }

    private static JsonObject Capabilities(V1Capabilities? wanted)
    {
        if (wanted?.Drop?.Contains("ALL") != true)
        {
            throw new InvalidOperationException(
                "the container does not drop all capabilities, and others are not played here");
        }

        return [];
    }

    private static IEnumerable<JsonNode> Usual() =>
    [
        Mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
        Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
        Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
        Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
    ];

    private static JsonObject Bind(ContainerMount mount) =>
        Mount(mount.Path, "bind", mount.Source, "rbind", mount.IsReadOnly ? "ro" : "rw");

    private static JsonObject Mount(string path, string type, string source, params string[] options) => new()
    {
        ["destination"] = path,
        ["type"] = type,
        ["source"] = source,
        ["options"] = Strings(options),
    };

    private static JsonArray Strings(IEnumerable<string> words) =>
        new([.. words.Select(word => JsonValue.Create(word))]);
}
