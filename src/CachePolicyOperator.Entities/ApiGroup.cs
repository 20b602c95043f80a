namespace CachePolicyOperator.Entities;

/// <summary>Group and version of all our kinds.</summary>
public static class ApiGroup
{
    public const string Name = "cachepolicy.dev";

    public const string Version = "v1alpha1";

    public const string NameAndVersion = $"{Name}/{Version}";
}
