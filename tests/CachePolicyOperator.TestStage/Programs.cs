using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.TestStage;

/// <summary>Where this checkout's own programs and files are. Programs lie beside the one that runs.</summary>
public static class Programs
{
    public const string AgentImage = "example.com/cachepolicy-agent:1";

    /// <summary>Of the chart, its release and the operator's account.</summary>
    public const string ChartName = "cache-policy-operator";

    private static string Root { get; } = FindRoot();

    public static string Shop => Find("cachepolicy-shop");

    public static string Crds => Path.Combine(Root, "crds");

    public static string Operator => Find("cachepolicy-operator");

    public static string Cli => Find("cachepolicy");

    /// <summary>What commands and images of pods stand for on this machine.</summary>
    public static TestKubeletOptions Kubelet => new()
    {
        Programs = new Dictionary<string, IReadOnlyList<string>> { ["varnishd"] = [Assets.VarnishD] },
        Images = new Dictionary<string, IReadOnlyList<string>> { [AgentImage] = Agent },
    };

    /// <summary>
    /// The operator's account, and the webhook configuration that it fills in, as an installation has them.
    /// </summary>
    public static async Task<string> RenderChartAsync(CancellationToken cancellationToken)
    {
        string[] parts = ["serviceaccount", "rbac", "webhook"];
        var rendered = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Helm,
            [
                "template", ChartName, Path.Combine(Root, "charts", ChartName), "--namespace", Stage.SystemNamespace,
                .. parts.SelectMany(p => new[] { "--show-only", $"templates/{p}.yaml" }),
            ]),
            cancellationToken);
        return rendered.ExitCode == 0 ? rendered.Text : throw new StageException($"helm template: {rendered.Text}");
    }

    private static IReadOnlyList<string> Agent => Assets.LogLibraries is { } libraries
        ? ["env", $"LD_LIBRARY_PATH={libraries}", Find("cachepolicy-agent")]
        : [Find("cachepolicy-agent")];

    /// <summary>
    /// Where the environment says, so that the programs that ship play as well; else beside the one that runs.
    /// </summary>
    private static string Find(string program)
    {
        var path = Environment.GetEnvironmentVariable($"{program.ToUpperInvariant().Replace('-', '_')}_PROGRAM")
            ?? Path.Combine(AppContext.BaseDirectory, program);
        return File.Exists(path) ? path : throw new StageException($"{path} is not there: run `make build`");
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

        throw new StageException("a stage is set from a checkout: `make demo`, `make chaos`, `make test`");
    }
}
