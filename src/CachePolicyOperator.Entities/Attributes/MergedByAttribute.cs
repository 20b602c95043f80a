namespace CachePolicyOperator.Entities.Attributes;

/// <summary>
/// The elements of this list are told apart by a field, so that several writers may each apply their own.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MergedByAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}
