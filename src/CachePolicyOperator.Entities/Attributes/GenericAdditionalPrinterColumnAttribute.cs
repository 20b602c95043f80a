namespace CachePolicyOperator.Entities.Attributes;

/// <summary>A column of <c>kubectl get</c>, in the order written. Named and shaped as KubeOps has it.</summary>
/// <param name="jsonPath">Where the value is, for example <c>.status.level</c>.</param>
/// <param name="type">An OpenAPI type: <c>string</c>, <c>integer</c>, <c>boolean</c>, <c>date</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class GenericAdditionalPrinterColumnAttribute(string jsonPath, string name, string type) : Attribute
{
    public string JsonPath { get; } = jsonPath;

    public string Name { get; } = name;

    public string Type { get; } = type;

    public string? Description { get; init; }

    /// <summary>Columns above 0 are shown by <c>-o wide</c> only.</summary>
    public int Priority { get; init; }
}
