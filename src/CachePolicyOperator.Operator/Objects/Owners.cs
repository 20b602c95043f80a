using CachePolicyOperator.Entities;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>Whose the operator's objects are: they go with their policy.</summary>
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
        OwnerReferences =
        [
            new V1OwnerReference
            {
                ApiVersion = ApiGroup.NameAndVersion,
                Kind = CachePolicy.KubeKind,
                Name = policy.Metadata.Name,
                Uid = policy.Metadata.Uid,
                Controller = true,
                BlockOwnerDeletion = false,
            },
        ],
    };

    public static Dictionary<string, string> Labels(CachePolicy policy) => new()
    {
        [ManagedBy] = Operator,
        [PolicyLabel] = Names.Label(policy.Metadata.Name),
    };

    public static bool IsOwnedBy(IKubernetesObject<V1ObjectMeta> entity, CachePolicy policy) =>
        entity.Metadata.OwnerReferences?.Any(o => o.Uid == policy.Metadata.Uid) == true;
}
