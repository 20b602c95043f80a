using System.Reflection;

namespace CachePolicyOperator.Entities.Tests;

/// <summary>The repository that this test was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "Repository").Value!;

    public static string Tests => Path.Combine(Root, "tests", "CachePolicyOperator.Entities.Tests");

    public static string Example(string name) => Path.Combine(Root, "docs", "examples", name);
}
