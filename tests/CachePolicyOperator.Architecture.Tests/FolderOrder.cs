using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CachePolicyOperator.Architecture.Tests;

/// <summary>
/// The folders of a project in their order: what stands in one may name what stands in earlier ones, and nothing of
/// later ones.
/// </summary>
internal sealed record FolderOrder(string Project, ImmutableArray<string> Folders)
{
    /// <summary>
    /// What is against the order, a sentence each; and files outside it, or whose namespace is not their folder.
    /// </summary>
    public IEnumerable<string> Violations(SourceProject project, CSharpCompilation compilation) =>
    [
        .. project.Files.Select(f => f.Folder).Distinct().Except(Folders)
            .Select(f => $"{f}/ has no place in the order of {Project}"),
        .. Folders.Except(project.Files.Select(f => f.Folder))
            .Select(f => $"{f}/ has a place in the order of {Project}, and no file"),
        .. compilation.SyntaxTrees.Where(t => t.FilePath.Length > 0).SelectMany(NamespacesElsewhere),
        .. FolderReference.AllOf(compilation)
            .Where(r => Folders.IndexOf(r.To) > Folders.IndexOf(r.From))
            .Select(r => r.ToString())
            .Distinct(),
    ];

    private IEnumerable<string> NamespacesElsewhere(SyntaxTree tree)
    {
        var wanted = $"{Project}.{new SourceFile(tree.FilePath, "").Folder.Replace('/', '.')}".TrimEnd('.');
        return tree.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            .Where(n => n.Name.ToString() != wanted)
            .Select(n => $"{tree.FilePath} is of namespace {n.Name}, not of its folder's");
    }
}
