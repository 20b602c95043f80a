namespace CachePolicyOperator.Core.Model;

/// <summary>
/// What a team adds to the pods of a managed cache. What keeps them safe is not here, and nobody's to change.
/// </summary>
public sealed record PodSettings
{
    public static PodSettings None { get; } = new();

    /// <summary>Beside those that Services select by.</summary>
    public EquatableList<NamedText> Labels { get; init; } = [];

    public EquatableList<NamedText> Annotations { get; init; } = [];

    /// <summary>Labels of the nodes that pods run on.</summary>
    public EquatableList<NamedText> NodeSelector { get; init; } = [];

    public EquatableList<PodToleration> Tolerations { get; init; } = [];

    public string? PriorityClass { get; init; }

    /// <summary>Names of Secrets.</summary>
    public EquatableList<string> ImagePullSecrets { get; init; } = [];

    /// <summary>Of varnishd.</summary>
    public EquatableList<NamedText> Environment { get; init; } = [];

    /// <summary>Files that varnishd may read.</summary>
    public EquatableList<PodFiles> Files { get; init; } = [];

    /// <summary>Of varnishd.</summary>
    public ComputeAmounts Requests { get; init; } = ComputeAmounts.Unsaid;

    /// <summary>Of varnishd.</summary>
    public ComputeAmounts Limits { get; init; } = ComputeAmounts.Unsaid;
}

/// <summary>A name with its value.</summary>
public sealed record NamedText(string Name, string Value);

/// <summary>A taint of nodes that pods bear (Kubernetes, <c>Toleration</c>).</summary>
/// <param name="Key">Null: every one.</param>
/// <param name="Operator"><c>Equal</c> or <c>Exists</c>.</param>
/// <param name="Effect">Null: every one.</param>
/// <param name="Seconds">How long; null: for ever.</param>
public sealed record PodToleration(string? Key, string Operator, string? Value, string? Effect, int? Seconds);

/// <summary>Files of a ConfigMap or a Secret, read-only below a path.</summary>
public sealed record PodFiles(FilesSource Source, string Name, string Path);

/// <summary>What files are kept in.</summary>
public enum FilesSource
{
    ConfigMap,
    Secret,
}

/// <summary>Processor time and memory; null where nothing is said of one.</summary>
/// <param name="Millicores">Thousandths of a processor.</param>
/// <param name="Memory">Bytes.</param>
public sealed record ComputeAmounts(long? Millicores, long? Memory)
{
    public static ComputeAmounts Unsaid { get; } = new(null, null);
}
