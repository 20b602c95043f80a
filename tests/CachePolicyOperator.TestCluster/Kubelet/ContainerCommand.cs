using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>Turns a container's image, command, arguments and variables into a program of this machine.</summary>
internal static class ContainerCommand
{
    // What a program of this machine needs to run at all.
    private static readonly string[] Inherited = ["HOME", "DOTNET_ROOT", "DOTNET_CLI_HOME", "TMPDIR", "LANG", "USER"];

    public static ChildProcessOptions Build(
        V1Pod pod, V1Container container, IReadOnlyDictionary<string, string> variables, PathRewriter rewriter,
            TestKubeletOptions options)
    {
        var words = Words(container, options)
            .Select(word => rewriter.Rewrite(ContainerEnvironment.Expand(word, variables)))
            .ToArray();
        var program = Program(words[0], options);
        return new ChildProcessOptions(program[0], [.. program[1..], .. words[1..]])
        {
            CleanEnvironment = true,
            Environment = Variables(pod, variables, rewriter, options),
            WorkingDirectory = container.WorkingDir is { } directory && Directory.Exists(rewriter.Rewrite(directory))
                ? rewriter.Rewrite(directory) : null,
        };
    }

    /// <summary>A command given as words, as probes and hooks have it.</summary>
    public static ChildProcessOptions Build(
        IEnumerable<string> command, ChildProcessOptions container, PathRewriter rewriter, TestKubeletOptions options)
    {
        var words = command.Select(rewriter.Rewrite).ToArray();
        var program = Program(words[0], options);
        return container with { Program = program[0], Arguments = [.. program[1..], .. words[1..]], LogFile = null };
    }

    private static IEnumerable<string> Words(V1Container container, TestKubeletOptions options)
    {
        if (container.Command is { Count: > 0 } command)
        {
            return command.Concat(container.Args ?? []);
        }

        var image = options.Images.Keys
            .Where(prefix => container.Image.StartsWith(prefix, StringComparison.Ordinal))
            .MaxBy(prefix => prefix.Length)
            ?? throw new InvalidOperationException(
                $"the container `{container.Name}` has no command, and no program stands for its image "
                    + $"`{container.Image}`: name one in TestKubeletOptions.Images");
        return options.Images[image].Concat(container.Args ?? []);
    }

    private static string[] Program(string word, TestKubeletOptions options) =>
        options.Programs.TryGetValue(word, out var program) ? [.. program] : [word];

    private static Dictionary<string, string?> Variables(
        V1Pod pod, IReadOnlyDictionary<string, string> variables, PathRewriter rewriter, TestKubeletOptions options)
    {
        var all = new Dictionary<string,
            string?>(StringComparer.Ordinal)
        { ["HOSTNAME"] = pod.Spec.Hostname ?? pod.Name() };
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                all[name] = value;
            }
        }

        foreach (var (name, value) in options.Environment)
        {
            all[name] = value;
        }

        foreach (var (name, value) in variables)
        {
            all[name] = rewriter.Rewrite(value);
        }

        return all;
    }
}
