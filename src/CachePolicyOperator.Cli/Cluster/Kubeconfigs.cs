extern alias aot;

using aot::k8s;
using aot::k8s.KubeConfigModels;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>
/// Several kubeconfigs as one, as <c>kubectl</c> joins those of <c>KUBECONFIG</c>: of each name the first file that has
/// it, and the first file that has a current context. Paths are those of the file that they stand in.
/// </summary>
internal static class Kubeconfigs
{
    public static K8SConfiguration Join(IReadOnlyList<FileInfo> files)
    {
        var read = files.Select(f => WithWholePaths(KubernetesClientConfiguration.LoadKubeConfig(f), f)).ToList();
        return new K8SConfiguration
        {
            FileName = files[0].FullName,
            CurrentContext = read.Select(c => c.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c)),
            Contexts = [.. read.SelectMany(c => c.Contexts ?? []).DistinctBy(c => c.Name)],
            Clusters = [.. read.SelectMany(c => c.Clusters ?? []).DistinctBy(c => c.Name)],
            Users = [.. read.SelectMany(c => c.Users ?? []).DistinctBy(u => u.Name)],
        };
    }

    private static K8SConfiguration WithWholePaths(K8SConfiguration configuration, FileInfo file)
    {
        foreach (var cluster in (configuration.Clusters ?? []).Select(c => c.ClusterEndpoint).OfType<ClusterEndpoint>())
        {
            cluster.CertificateAuthority = Whole(cluster.CertificateAuthority);
        }

        foreach (var user in (configuration.Users ?? []).Select(u => u.UserCredentials).OfType<UserCredentials>())
        {
            user.ClientCertificate = Whole(user.ClientCertificate);
            user.ClientKey = Whole(user.ClientKey);
        }

        return configuration;

        string? Whole(string? path) => string.IsNullOrEmpty(path) ? path : Path.Combine(file.DirectoryName!, path);
    }
}
