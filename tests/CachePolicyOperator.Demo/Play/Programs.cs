using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Demo.Play;

/// <summary>Where this checkout's own programs and files are.</summary>
internal static class Programs
{
    private static string Root { get; } = FindRoot();

    public static string Self => Environment.ProcessPath!;

    public static string Crds => Path.Combine(Root, "crds");

    public static string Operator => Find("cachepolicy-operator");

    public static string Cli => Path.Combine(Root, "out", "cachepolicy");

    public const string AgentImage = "example.com/cachepolicy-agent:1";

    /// <summary>What commands and images of pods stand for on this machine.</summary>
    public static TestKubeletOptions Kubelet => new()
    {
        Programs = new Dictionary<string, IReadOnlyList<string>> { ["varnishd"] = [Assets.VarnishD] },
        Images = new Dictionary<string, IReadOnlyList<string>> { [AgentImage] = [Find("cachepolicy-agent")] },
    };

    private static string Find(string program)
    {
        var path = Path.Combine(Root, "out", program, program);
        return File.Exists(path) ? path : throw new PlayException($"{path} is not there: run `make build`");
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "CachePolicyOperator.sln")))
            {
                return at.FullName;
            }
        }

        throw new PlayException("the demo runs from its checkout: `make demo`");
    }
}
