namespace CachePolicyOperator.Entities.Attributes;

/// <summary>
/// Makes a field required in the schema. Only for what Kubernetes itself needs (the key of a merged list): a missing
/// field of a user is told by the reader, with a remedy. Named as KubeOps has it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;
