namespace CachePolicyOperator.Entities.Attributes;

/// <summary>Short names of a kind for <c>kubectl get</c>. Named and shaped as KubeOps has it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KubernetesEntityShortNamesAttribute(params string[] shortNames) : Attribute
{
    public IReadOnlyList<string> ShortNames { get; } = shortNames;
}
