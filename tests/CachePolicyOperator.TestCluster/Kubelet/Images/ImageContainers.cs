using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet.Images;

/// <summary>Runs those containers of one pod whose images are there, in their root file systems.</summary>
internal sealed class ImageContainers(PodEnvironment world, PodAddress address, string directory) : IAsyncDisposable
{
    private const string AccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

    private PodSandbox? _sandbox;

    /// <summary>How the container is run; null where no archive stands for its image.</summary>
    public async Task<ChildProcessOptions?> BuildAsync(
        V1Pod pod, V1Container container, IReadOnlyDictionary<string, string> variables, PodVolumes volumes,
            CancellationToken cancellationToken)
    {
        if (await world.Images.FindAsync(container.Image) is not { } image)
        {
            return null;
        }

        if (container.ReadinessProbe?.Exec is not null || container.Lifecycle is not null)
        {
            throw new InvalidOperationException("probes by command and hooks are not played in images");
        }

        _sandbox ??= await PodSandbox.StartAsync(cancellationToken);
        var all = new Dictionary<string, string>(variables);
        var mounts = Volumes(pod, container, volumes).Concat(OfTheKubelet(pod)).ToList();
        if (pod.Spec.AutomountServiceAccountToken != false)
        {
            mounts.Add(
                new ContainerMount(AccountDirectory, await WriteAccountAsync(pod, cancellationToken),
                IsReadOnly: true));
            all["KUBERNETES_SERVICE_HOST"] = "kubernetes.default.svc";
            all["KUBERNETES_SERVICE_PORT"] =
                world.ControlPlane.Server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var bundle = new ContainerBundle(pod, container, image, Path.Combine(directory, container.Name));
        return bundle.Write(all, mounts, _sandbox.ProcessNamespace, new PathRewriter(address, []));
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
            _sandbox = null;
        }
    }

    private static IEnumerable<ContainerMount> Volumes(V1Pod pod, V1Container container, PodVolumes volumes)
    {
        foreach (var (mount, (path, source)) in (container.VolumeMounts ?? []).Zip(volumes.Mounts(pod, container)))
        {
            if (pod.Spec.Volumes.First(volume => volume.Name == mount.Name).EmptyDir is not null)
            {
                // As the real kubelet makes them.
                File.SetUnixFileMode(source, (UnixFileMode)0b111_111_111);
            }

            yield return new ContainerMount(path, source, mount.ReadOnlyProperty == true);
        }
    }

    // The real kubelet gives every container a file of hosts; the API server has no address of its own here.
    private IEnumerable<ContainerMount> OfTheKubelet(V1Pod pod)
    {
        Directory.CreateDirectory(directory);
        var hosts = Path.Combine(directory, "hosts");
        File.WriteAllText(hosts,
            $"127.0.0.1 localhost\n127.0.0.1 kubernetes.default.svc\n{address.Ip} {pod.Spec.Hostname ?? pod.Name()}\n");
        return [new ContainerMount("/etc/hosts", hosts, IsReadOnly: true)];
    }

    private async Task<string> WriteAccountAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var account = Path.Combine(directory, "account");
        Directory.CreateDirectory(account);
        await File.WriteAllTextAsync(Path.Combine(account, "namespace"), pod.Namespace(), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(account, "ca.crt"), world.ControlPlane.CertificateAuthority,
            cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(account, "token"),
            await world.ControlPlane.CreateTokenAsync(pod.Namespace(), pod.Spec.ServiceAccountName ?? "default",
                cancellationToken), cancellationToken);
        return account;
    }
}
