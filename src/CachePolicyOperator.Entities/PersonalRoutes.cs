using CachePolicyOperator.Entities.Attributes;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Entities;

/// <summary>
/// What a privacy or security team declares personal. It binds every policy of its namespace that shares a host, and
/// every one with hand-written VCL, which answers any host.
/// </summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = KubePluralName)]
[KubernetesEntityShortNames("proutes")]
[GenericAdditionalPrinterColumn(".spec.hosts", "Hosts", "string", Description = "The hosts it is about")]
[GenericAdditionalPrinterColumn(
    ".status.conditions[?(@.type==\"Accepted\")].status", "Accepted", "string", Description = "Whether it was read")]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class PersonalRoutes : IKubernetesObject<V1ObjectMeta>, ISpec<PersonalRoutesSpec>,
    IStatus<PersonalRoutesStatus?>
{
    public const string KubeKind = "PersonalRoutes";

    public const string KubePluralName = "personalroutes";

    public string ApiVersion { get; set; } = ApiGroup.NameAndVersion;

    public string Kind { get; set; } = KubeKind;

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is personal.</summary>
    public PersonalRoutesSpec Spec { get; set; } = new();

    /// <summary>Whether it was read.</summary>
    public PersonalRoutesStatus? Status { get; set; }
}

/// <summary>What is personal on some hosts.</summary>
public sealed class PersonalRoutesSpec : SpecPart
{
    /// <summary>Host names it is about, without a port. No wildcards.</summary>
    public IList<string>? Hosts { get; set; }

    /// <summary>Routes whose responses belong to one person.</summary>
    public IList<PersonalRouteSpec>? Routes { get; set; }

    /// <summary>What says who asks.</summary>
    public IdentitySpec? Identity { get; set; }

    /// <summary>
    /// Who must have reviewed a revision of the policies that it binds, whatever those say themselves.
    /// </summary>
    public ReviewSpec? Review { get; set; }
}

/// <summary>Whether it was read, and whom it binds.</summary>
public sealed class PersonalRoutesStatus
{
    /// <summary>Generation of the spec that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>Accepted.</summary>
    [MergedBy("type")]
    public IList<Condition>? Conditions { get; set; }

    /// <summary>What is wrong with the spec; capped.</summary>
    public IList<DiagnosticStatus>? Diagnostics { get; set; }

    /// <summary>Names of the policies that it binds.</summary>
    public IList<string>? Policies { get; set; }
}
