namespace CachePolicyOperator.TestCluster;

/// <summary>How the test kubelet turns images into programs of this machine, and how patient it is.</summary>
public sealed record TestKubeletOptions
{
    /// <summary>The only namespace whose pods it runs; null runs those of all.</summary>
    public string? Namespace { get; init; }

    /// <summary>
    /// Beginning of an image's name → the program, and its first arguments, that stands for its entrypoint.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Images { get; init; } = new Dictionary<string,
        IReadOnlyList<string>>();

    /// <summary>
    /// First word of a container's `command` → what to run here, for images whose programs lie elsewhere on this
    /// machine.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Programs { get; init; } = new Dictionary<string,
        IReadOnlyList<string>>();

    /// <summary>
    /// Beginning of an image's name → the archive of that image (`make images`). Its containers run within the image's
    /// root file system, as the pod's security context says, and nothing above or below is asked for them.
    /// </summary>
    public IReadOnlyDictionary<string, string> Archives { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables that every container gets besides its own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The longest time between SIGTERM and SIGKILL, whatever a pod asks for.</summary>
    public TimeSpan MaxGrace { get; init; } = TimeSpan.FromSeconds(5);
}
