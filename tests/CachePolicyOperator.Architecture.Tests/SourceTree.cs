using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CachePolicyOperator.Architecture.Tests;

/// <summary>All projects of <c>src</c>, compiled once for all tests.</summary>
[CollectionDefinition(nameof(SourceTree))]
public sealed class SourceTree : ICollectionFixture<SourceTree>
{
    private readonly Dictionary<string, CSharpCompilation> _compiled = new(StringComparer.Ordinal);

    internal static string Root { get; } = typeof(SourceTree).Assembly.GetCustomAttributesData()
        .Where(a => a.AttributeType.Name == "AssemblyMetadataAttribute")
        .Single(a => (string?)a.ConstructorArguments[0].Value == "Repository").ConstructorArguments[1].Value as string
        ?? throw new InvalidOperationException("the test assembly does not say where the repository is");

    internal IReadOnlyDictionary<string, SourceProject> Projects { get; } =
        Directory.EnumerateDirectories(Path.Combine(Root, "src"))
            .Where(d => File.Exists(Path.Combine(d, Path.GetFileName(d) + ".csproj")))
            .Select(SourceProject.Read)
            .ToDictionary(p => p.Name, StringComparer.Ordinal);

    internal CSharpCompilation Compiled(string project)
    {
        if (!_compiled.TryGetValue(project, out var compilation))
        {
            _compiled[project] = compilation = Projects[project].Compile(Known(project).Select(Compiled));
        }

        return compilation;
    }

    // With a project comes what it is built on.
    private IEnumerable<string> Known(string project) =>
        Projects[project].Projects.SelectMany(p => Known(p).Append(p)).Distinct(StringComparer.Ordinal);
}
