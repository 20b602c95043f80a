namespace CachePolicyOperator.TestCluster;

/// <summary>Where the real programs are that tests and demo run: what `make assets` wrote down, or `KUBEBUILDER_ASSETS`.</summary>
public static class Assets
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Entries = new(Read);

    public static string Etcd => Find("ETCD", "etcd");

    public static string KubeApiServer => Find("KUBE_APISERVER", "kube-apiserver");

    public static string KubeControllerManager => Find("KUBE_CONTROLLER_MANAGER", "kube-controller-manager");

    public static string Kubectl => Find("KUBECTL", "kubectl");

    public static string Helm => Find("HELM", "helm");

    public static string Promtool => Find("PROMTOOL", "promtool");

    public static string VarnishD => Find("VARNISHD", "varnishd");

    public static string VarnishLog => Find("VARNISHLOG", "varnishlog");

    public static string VarnishAdm => Find("VARNISHADM", "varnishadm");

    public static string Wrk => Find("WRK", "wrk");

    /// <summary>The cache directory of `make assets`, outside the repository.</summary>
    public static string Directory =>
        Variable("CACHEPOLICY_ASSETS") ?? Path.Combine(
            Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "cachepolicy");

    private static string EnvironmentFile => Path.Combine(Directory, "assets.env");

    private static string Find(string key, string program)
    {
        if (Variable("KUBEBUILDER_ASSETS") is { } kubebuilder && File.Exists(Path.Combine(kubebuilder, program)))
        {
            return Path.Combine(kubebuilder, program);
        }

        return Entries.Value.TryGetValue(key, out var path) && File.Exists(path)
            ? path
            : throw new AssetMissingException(program, EnvironmentFile);
    }

    private static Dictionary<string, string> Read() =>
        !File.Exists(EnvironmentFile)
            ? []
            : File.ReadLines(EnvironmentFile)
                .Select(line => line.Split('=', 2))
                .Where(pair => pair.Length == 2)
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
