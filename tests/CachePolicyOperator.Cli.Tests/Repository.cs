using System.Reflection;

namespace CachePolicyOperator.Cli.Tests;

/// <summary>The repository that this test was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "Repository").Value!;

    public static string Golden => Path.Combine(Root, "tests", "CachePolicyOperator.Cli.Tests", "Golden");

    public static string Example(string name) => Path.Combine(Root, "docs", "examples", name);

    public static string Crds => Path.Combine(Root, "crds");
}
