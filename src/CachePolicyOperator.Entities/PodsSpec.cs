namespace CachePolicyOperator.Entities;

/// <summary>
/// What is added to the pods of a managed cache. How they are confined, what they run and how they are probed is the
/// operator's.
/// </summary>
public sealed class PodsSpec : SpecPart
{
    /// <summary>
    /// Labels with a prefix of yours, for example `example.com/team: web`; not such as Services select by (`app`,
    /// `app.kubernetes.io/name`).
    /// </summary>
    public IDictionary<string, string>? Labels { get; set; }

    /// <summary>Annotations, for example `sidecar.istio.io/inject: "false"`.</summary>
    public IDictionary<string, string>? Annotations { get; set; }

    /// <summary>Labels of the nodes that the pods run on.</summary>
    public IDictionary<string, string>? NodeSelector { get; set; }

    /// <summary>Taints of nodes that the pods bear, as in a pod.</summary>
    public IList<TolerationSpec>? Tolerations { get; set; }

    /// <summary>How much the pods matter beside others (PriorityClass).</summary>
    public string? PriorityClassName { get; set; }

    /// <summary>Names of Secrets that the pods' images are pulled with.</summary>
    public IList<string>? ImagePullSecrets { get; set; }

    /// <summary>Processor time and memory of varnishd, instead of what its storage needs.</summary>
    public ComputeSpec? Resources { get; set; }

    /// <summary>
    /// Environment of varnishd: `TZ`, and names that begin with `VCL_`, for hand-written VCL that asks
    /// `std.getenv("VCL_SITE")`.
    /// </summary>
    public IList<VariableSpec>? Env { get; set; }

    /// <summary>Files that varnishd may read, of ConfigMaps and Secrets in the namespace of the policy.</summary>
    public IList<FilesSpec>? Files { get; set; }
}

/// <summary>A taint of nodes that pods bear.</summary>
public sealed class TolerationSpec : SpecPart
{
    /// <summary>Key of the taint; every one unless told, which asks for `operator: Exists`.</summary>
    public string? Key { get; set; }

    /// <summary>`Equal`, unless told, or `Exists`.</summary>
    public string? Operator { get; set; }

    /// <summary>Value of the taint, with `Equal`.</summary>
    public string? Value { get; set; }

    /// <summary>`NoSchedule`, `PreferNoSchedule` or `NoExecute`; every one unless told.</summary>
    public string? Effect { get; set; }

    /// <summary>How many seconds a pod stays beside a `NoExecute` taint; for ever unless told.</summary>
    public long? TolerationSeconds { get; set; }
}

/// <summary>What a container asks for, and the most it gets.</summary>
public sealed class ComputeSpec : SpecPart
{
    /// <summary>What nodes keep for it.</summary>
    public AmountsSpec? Requests { get; set; }

    /// <summary>The most it gets; no limit of processor time unless told.</summary>
    public AmountsSpec? Limits { get; set; }
}

/// <summary>Processor time and memory.</summary>
public sealed class AmountsSpec : SpecPart
{
    /// <summary>Processors, for example `500m` or `2`.</summary>
    public AnyForm? Cpu { get; set; }

    /// <summary>Memory, for example `1Gi`; room for all that is stored and 128Mi beside it at least.</summary>
    public AnyForm? Memory { get; set; }
}

/// <summary>A variable of an environment.</summary>
public sealed class VariableSpec : SpecPart
{
    /// <summary>`TZ`, or a name that begins with `VCL_`.</summary>
    public string? Name { get; set; }

    /// <summary>Its value: one line of printable ASCII.</summary>
    public string? Value { get; set; }
}

/// <summary>Files of a ConfigMap or of a Secret: either one.</summary>
public sealed class FilesSpec : SpecPart
{
    /// <summary>Name of a ConfigMap whose keys are the files.</summary>
    public string? ConfigMap { get; set; }

    /// <summary>Name of a Secret whose keys are the files.</summary>
    public string? Secret { get; set; }

    /// <summary>Where varnishd sees them: a directory below `/etc/varnish`, `/mnt` or `/srv`.</summary>
    public string? Path { get; set; }
}
