extern alias aot;
using System.CommandLine;
using System.CommandLine.Completions;
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
    /// <summary>How long who presses the tabulator waits for a cluster.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

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

    /// <summary>The name of a policy, which a shell completes from the cluster.</summary>
    public T NamedPolicy<T>(T name)
        where T : Argument
    {
        name.CompletionSources.Add(context => Ask(
            context.ParseResult,
            async (cluster, token) => (await cluster.PoliciesAsync(token)).Select(p => p.Metadata.Name)));
        return Named(name);
    }

    /// <summary>The name of an incident, which a shell completes from the cluster.</summary>
    public T NamedIncident<T>(T name)
        where T : Argument
    {
        name.CompletionSources.Add(context => Ask(
            context.ParseResult,
            async (cluster, token) => (await cluster.IncidentsAsync(token)).Select(i => i.Metadata.Name)));
        return Named(name);
    }

    public Command AddTo(Command command)
    {
        _namespace.CompletionSources.Add(context => Ask(
            context.ParseResult, (cluster, token) => cluster.NamespacesAsync(token)));
        _context.CompletionSources.Add(context => Contexts(context.ParseResult));
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
            return await act(ClusterOf(parsed, configuration, client));
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
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException)
        {
            return Told(ExitCode.Refused, $"the API server at {configuration.Host} does not answer in time",
                "look at the network and at the `--context`");
        }
    }

    private PolicyCluster ClusterOf(
        ParseResult parsed, KubernetesClientConfiguration configuration, Kubernetes client) => new(
            new ApiServer(client, configuration.TlsServerName),
            parsed.GetValue(_namespace) ?? configuration.Namespace ?? "default",
            parsed.GetResult(_everywhere) is not null && parsed.GetValue(_everywhere));

    /// <summary>What a shell offers: whatever goes wrong, nothing is said between two keys.</summary>
    private IEnumerable<CompletionItem> Ask(
        ParseResult parsed, Func<PolicyCluster, CancellationToken, Task<IEnumerable<string>>> names)
    {
        try
        {
            var configuration = Configuration(parsed);
            using var enough = new CancellationTokenSource(Patience, terminal.Time);
            using var client = new Kubernetes(configuration);
            return [.. names(ClusterOf(parsed, configuration, client), enough.Token).GetAwaiter().GetResult()
                .Select(n => new CompletionItem(n))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private IEnumerable<CompletionItem> Contexts(ParseResult parsed)
    {
        try
        {
            return [.. Kubeconfigs.Join(Files(parsed)).Contexts.Select(c => new CompletionItem(c.Name))];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private KubernetesClientConfiguration Configuration(ParseResult parsed)
    {
        var files = Files(parsed);
        if (files.Length == 0 || !files[0].Exists)
        {
            // As kubectl within a pod: the pod's own account.
            return parsed.GetValue(_kubeconfig) is null && KubernetesClientConfiguration.IsInCluster()
                ? KubernetesClientConfiguration.InClusterConfig()
                : throw new FileNotFoundException(
                    "there is no kubeconfig at "
                        + $"{(files.Length == 0 ? terminal.Variable("KUBECONFIG") : files[0].FullName)}");
        }

        return KubernetesClientConfiguration.BuildConfigFromConfigObject(
            Kubeconfigs.Join(files), parsed.GetValue(_context));
    }

    /// <summary>The files that say which clusters there are; none where there is none.</summary>
    private FileInfo[] Files(ParseResult parsed) =>
        parsed.GetValue(_kubeconfig) is { } file ? [new FileInfo(file)]
        : terminal.Variable("KUBECONFIG") is { Length: > 0 } list
            ? [.. list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(f => new FileInfo(f))
                .Where(f => f.Exists)]
            : [new FileInfo(KubernetesClientConfiguration.KubeConfigDefaultLocation)];

    private int Told(int exitCode, string message, string help)
    {
        terminal.Error.WriteLine($"error: {SafeText.OfLines(message)}\nhelp: {help}");
        return exitCode;
    }
}
