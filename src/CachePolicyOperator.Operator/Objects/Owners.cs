using CachePolicyOperator.Entities;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>
/// Whose the operator's objects are. What only the operator reads is owned by its policy and goes with it. What carries
/// traffic is only marked: it must outlive a policy that is deleted, until traffic is led elsewhere. What is read here
/// are words that anybody may write; that they are the operator's, <see cref="OwnerMarks"/> says.
/// </summary>
internal static class Owners
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string PolicyLabel = "cachepolicy.dev/policy";
    public const string Operator = "cachepolicy-operator";

    public static V1ObjectMeta Metadata(CachePolicy policy, string name) => new()
    {
        Name = name,
        NamespaceProperty = policy.Metadata.NamespaceProperty,
        Labels = Labels(policy),
        OwnerReferences = [Reference(policy.Metadata.Name, policy.Metadata.Uid)],
    };

    /// <summary>Of an object that is marked, and not owned.</summary>
    public static V1ObjectMeta MarkedMetadata(CachePolicy policy, string name) => new()
    {
        Name = name,
        NamespaceProperty = policy.Metadata.NamespaceProperty,
        Labels = Labels(policy),
        Annotations = Marks(policy),
    };

    public static Dictionary<string, string> Marks(CachePolicy policy) => new()
    {
        [EntryMetadata.Policy] = policy.Metadata.Name,
        [EntryMetadata.PolicyUid] = policy.Metadata.Uid,
    };

    public static V1OwnerReference Reference(string policy, string uid) => new()
    {
        ApiVersion = ApiGroup.NameAndVersion,
        Kind = CachePolicy.KubeKind,
        Name = policy,
        Uid = uid,
        Controller = true,
        BlockOwnerDeletion = false,
    };

    /// <summary>Name of the policy that the object is marked for, or owned by; null where it is nobody's.</summary>
    public static string? PolicyOf(IKubernetesObject<V1ObjectMeta> entity) =>
        entity.Metadata.Labels?.TryGetValue(ManagedBy, out var manager) != true || manager != Operator ? null
        : entity.Metadata.Annotations?.TryGetValue(EntryMetadata.Policy, out var name) == true ? name
        : entity.Metadata.OwnerReferences?.FirstOrDefault(IsPolicy)?.Name;

    /// <summary>UID of the policy that the object is marked for, or owned by; null where it is nobody's.</summary>
    public static string? UidOf(IKubernetesObject<V1ObjectMeta> entity) =>
        entity.Metadata.Annotations?.TryGetValue(EntryMetadata.PolicyUid, out var uid) == true
            ? uid
            : entity.Metadata.OwnerReferences?.FirstOrDefault(IsPolicy)?.Uid;

    public static bool IsPolicy(V1OwnerReference owner) =>
        owner.Kind == CachePolicy.KubeKind
            && owner.ApiVersion?.StartsWith(ApiGroup.Name, StringComparison.Ordinal) == true;

    public static Dictionary<string, string> Labels(CachePolicy policy) => new()
    {
        [ManagedBy] = Operator,
        [PolicyLabel] = Names.Label(policy.Metadata.Name),
    };

    public static bool IsOwnedBy(IKubernetesObject<V1ObjectMeta> entity, CachePolicy policy) =>
        entity.Metadata.OwnerReferences?.Any(o => o.Uid == policy.Metadata.Uid) == true;
}
