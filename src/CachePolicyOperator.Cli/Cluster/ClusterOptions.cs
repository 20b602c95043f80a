extern alias aot;
using System.CommandLine;
using System.Net;
using aot::k8s;
using aot::k8s.Exceptions;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>
/// Which cluster and namespace a command is about, by the rules of <c>kubectl</c>, and what is said when it cannot be
/// asked.
/// </summary>
internal sealed class ClusterOptions(Terminal terminal)
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "Kubeconfig file instead of $KUBECONFIG or ~/.kube/config.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _context = new("--context")
    {
        Description = "Context of the kubeconfig instead of its current one.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "Namespace instead of the context's.",
        HelpName = "NAMESPACE",
    };

    private readonly Option<bool> _everywhere = new("--all-namespaces", "-A") { Description = "All namespaces." };

    /// <summary>The name of one object. What begins with a dash is a misspelt option, never a name.</summary>
    public static T Named<T>(T name)
        where T : Argument
    {
        name.Validators.Add(result =>
        {
            foreach (var option in result.Tokens.Where(t => t.Value.StartsWith('-')))
            {
                result.AddError($"there is no option `{option.Value}`");
            }
        });
        return name;
    }

    /// <summary>As <see cref="AddTo"/>, for a command that lists.</summary>
    public Command AddToList(Command command)
    {
        command.Options.Add(_everywhere);
        return AddTo(command);
    }

    /// <summary>A name is of one namespace.</summary>
    public void RefuseEverywhereWith(Command command, Argument name) => command.Validators.Add(result =>
    {
        if (result.GetResult(_everywhere) is not null && result.GetResult(name) is { Tokens.Count: > 0 })
        {
            result.AddError("a name is of one namespace; leave out `--all-namespaces`, or the name");
        }
    });

    public Command AddTo(Command command)
    {
        command.Options.Add(_namespace);
        command.Options.Add(_context);
        command.Options.Add(_kubeconfig);
        return command;
    }

    /// <summary>Runs <paramref name="act"/> on the cluster; a refusal becomes a sentence and an exit code.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<PolicyCluster, Task<int>> act)
    {
        KubernetesClientConfiguration configuration;
        try
        {
            configuration = Configuration(parsed);
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException or ArgumentException or YamlDotNet.Core.YamlException)
        {
            return Told(ExitCode.Unusable, $"no cluster is configured: {e.Message.TrimEnd('.')}",
                "give `--kubeconfig FILE`, or set KUBECONFIG");
        }

        using var client = new Kubernetes(configuration);
        try
        {
            return await act(new PolicyCluster(
                new ApiServer(client, configuration.TlsServerName),
                parsed.GetValue(_namespace) ?? configuration.Namespace ?? "default",
                parsed.GetResult(_everywhere) is not null && parsed.GetValue(_everywhere)));
        }
        catch (ApiServerException e)
        {
            return Told(ExitCode.Refused, $"the API server refused: {e.Message}", e.Status switch
            {
                HttpStatusCode.NotFound =>
                    "`cachepolicy status` lists the policies of the namespace; choose another with `-n`",
                HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized =>
                    "ask for the permission, or choose another `--context`",
                _ => "mend what it says and try again",
            });
        }
        catch (HttpRequestException e)
        {
            return Told(ExitCode.Refused,
                $"the API server at {configuration.Host} does not answer: {e.Message.TrimEnd('.')}",
                "look at the network and at the `--context`");
        }
    }

    private KubernetesClientConfiguration Configuration(ParseResult parsed)
    {
        var files = parsed.GetValue(_kubeconfig) is { } file
            ? [new FileInfo(file)]
            : terminal.Variable("KUBECONFIG") is { Length: > 0 } list
                ? [.. list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                    .Select(f => new FileInfo(f))
                    .Where(f => f.Exists)]
                : new[] { new FileInfo(KubernetesClientConfiguration.KubeConfigDefaultLocation) };
        if (files.Length == 0 || !files[0].Exists)
        {
            // As kubectl within a pod: the pod's own account.
            return parsed.GetValue(_kubeconfig) is null && KubernetesClientConfiguration.IsInCluster()
                ? KubernetesClientConfiguration.InClusterConfig()
                : throw new FileNotFoundException($"there is no kubeconfig at {(files.Length == 0 ? terminal.Variable("KUBECONFIG") : files[0].FullName)}");
        }

        // The client merges several files only for its default context, so the first file that knows the context is
        // taken.
        var context = parsed.GetValue(_context);
        var configurations = files.Select(f => KubernetesClientConfiguration.LoadKubeConfig(f)).ToList();
        var chosen = configurations.Find(c => context is null ? c.CurrentContext is { Length: > 0 } : c.Contexts?.Any(k => k.Name == context) == true);
        return KubernetesClientConfiguration.BuildConfigFromConfigObject(chosen ?? configurations[0], context);
    }

    private int Told(int exitCode, string message, string help)
    {
        terminal.Error.WriteLine($"error: {SafeText.Of(message)}\nhelp: {help}");
        return exitCode;
    }
}
