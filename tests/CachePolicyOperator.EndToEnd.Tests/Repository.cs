using System.Reflection;

namespace CachePolicyOperator.EndToEnd.Tests;

/// <summary>The repository that this test was built from, and the programs built with it.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "Repository").Value!;

    public static string Chart => Path.Combine(Root, "charts", "cache-policy-operator");

    public static string Crds => Path.Combine(Root, "crds");

    public static string Operator => Path.Combine(AppContext.BaseDirectory, "cachepolicy-operator");
}
