using CachePolicyOperator.Entities.Attributes;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Entities;

/// <summary>What a second party says about one revision. It binds a digest, not a name.</summary>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = KubePluralName)]
[KubernetesEntityShortNames("creview")]
[GenericAdditionalPrinterColumn(".spec.policy", "Policy", "string")]
[GenericAdditionalPrinterColumn(".spec.verdict", "Verdict", "string")]
[GenericAdditionalPrinterColumn(".status.reviewer", "Reviewer", "string")]
[GenericAdditionalPrinterColumn(
    ".status.conditions[?(@.type==\"Accepted\")].status", "Accepted", "string", Description = "Whether it counts")]
[GenericAdditionalPrinterColumn(".spec.digest", "Digest", "string", Priority = 1)]
[GenericAdditionalPrinterColumn(".metadata.creationTimestamp", "Age", "date")]
public sealed class CacheReview : IKubernetesObject<V1ObjectMeta>, ISpec<CacheReviewSpec>, IStatus<CacheReviewStatus?>
{
    public const string KubeKind = "CacheReview";

    public const string KubePluralName = "cachereviews";

    public string ApiVersion { get; set; } = ApiGroup.NameAndVersion;

    public string Kind { get; set; } = KubeKind;

    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What was reviewed and what was found.</summary>
    public CacheReviewSpec Spec { get; set; } = new();

    /// <summary>Whether the review counts.</summary>
    public CacheReviewStatus? Status { get; set; }
}

/// <summary>What was reviewed and what was found.</summary>
public sealed class CacheReviewSpec : SpecPart
{
    /// <summary>Name of the policy.</summary>
    public string? Policy { get; set; }

    /// <summary>Digest of the revision: `sha256:` and 64 hexadecimal digits.</summary>
    public string? Digest { get; set; }

    /// <summary>`Approved` or `Rejected`.</summary>
    public string? Verdict { get; set; }

    /// <summary>In the reviewer's words.</summary>
    public string? Comment { get; set; }

    /// <summary>A detached signature of the digest by a key that the policy names.</summary>
    public SignatureSpec? Signature { get; set; }
}

/// <summary>A detached signature of the digest.</summary>
public sealed class SignatureSpec : SpecPart
{
    /// <summary>Name of the key in the policy.</summary>
    public string? Key { get; set; }

    /// <summary>The signature, Base64.</summary>
    public string? Value { get; set; }
}

/// <summary>Whether the review counts.</summary>
public sealed class CacheReviewStatus
{
    /// <summary>Generation of the spec that this status is about.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>Accepted.</summary>
    [MergedBy("type")]
    public IList<Condition>? Conditions { get; set; }

    /// <summary>Who reviewed: the user whom the API server authenticated, or the key.</summary>
    public string? Reviewer { get; set; }

    /// <summary>Kubernetes groups of that user.</summary>
    public IList<string>? Groups { get; set; }

    /// <summary>Says that the operator saw it.</summary>
    public string? Seal { get; set; }
}
