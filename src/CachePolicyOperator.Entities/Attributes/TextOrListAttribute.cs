namespace CachePolicyOperator.Entities.Attributes;

/// <summary>The field is a text or a list of texts, which a structural schema can only leave open.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextOrListAttribute : Attribute;
