namespace CachePolicyOperator.TestCluster;

/// <summary>
/// Where the real programs are that tests and demo run: what `make assets` wrote down, or `KUBEBUILDER_ASSETS`.
/// </summary>
public static class Assets
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Entries = new(Read);

    public static string Etcd => Find("ETCD", "etcd");

    public static string KubeApiServer => Find("KUBE_APISERVER", "kube-apiserver");

    public static string KubeControllerManager => Find("KUBE_CONTROLLER_MANAGER", "kube-controller-manager");

    public static string Kubectl => Find("KUBECTL", "kubectl");

    public static string Helm => Find("HELM", "helm");

    public static string Promtool => Find("PROMTOOL", "promtool");

    public static string VarnishD => OfEngine("VARNISHD", "varnishd");

    public static string VarnishLog => OfEngine("VARNISHLOG", "varnishlog");

    public static string VarnishAdm => OfEngine("VARNISHADM", "varnishadm");

    public static string VarnishStat => OfEngine("VARNISHSTAT", "varnishstat");

    public static string VarnishTest => OfEngine("VARNISHTEST", "varnishtest");

    public static string Wrk => Find("WRK", "wrk");

    /// <summary>The cache directory of `make assets`, outside the repository.</summary>
    public static string Directory =>
        Variable("CACHEPOLICY_ASSETS") ?? Path.Combine(
            Variable("XDG_CACHE_HOME")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "cachepolicy");

    private static string EnvironmentFile => Path.Combine(Directory, "assets.env");

    /// <summary>Where the engine's own library for its log is; null where the machine's own fits.</summary>
    public static string? LogLibraries =>
        Variable("CACHEPOLICY_ENGINE") is { } engine ? Path.Combine(Directory, "engines", engine, "api") : null;

    // `CACHEPOLICY_ENGINE=9.0` is one of `make assets STEPS=engines`; without it the machine's own varnishd plays.
    private static string OfEngine(string key, string program)
    {
        if (Variable("CACHEPOLICY_ENGINE") is not { } engine)
        {
            return Find(key, program);
        }

        var path = Path.Combine(Directory, "engines", engine, "bin", program);
        return File.Exists(path) ? path
            : throw new AssetMissingException(program, $"{path} (`make assets STEPS=engines`)");
    }

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
