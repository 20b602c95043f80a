using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CachePolicyOperator.Architecture.Tests;

/// <summary>A name in a file of one folder that is declared in another folder of the same project.</summary>
internal sealed record FolderReference(string From, string To, string File, int Line, string Symbol)
{
    public override string ToString() => $"{File}:{Line} refers to {Symbol} of {To}/";

    /// <summary>
    /// Every such name: types, members, constants and what <c>nameof</c> names. Comments do not count. What a file gets
    /// by a signature of another one without naming it counts where that signature stands.
    /// </summary>
    public static IEnumerable<FolderReference> AllOf(CSharpCompilation compilation) =>
        from tree in compilation.SyntaxTrees
        where tree.FilePath.Length > 0
        let model = compilation.GetSemanticModel(tree)
        from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
        where name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null
        let symbol = Declared(model, name)
        where SymbolEqualityComparer.Default.Equals(symbol?.ContainingAssembly, compilation.Assembly)
        let to = symbol!.DeclaringSyntaxReferences.Select(r => r.SyntaxTree.FilePath).FirstOrDefault(p => p.Length > 0)
        where to is not null && FolderOf(to) != FolderOf(tree.FilePath)
        let line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select new FolderReference(FolderOf(tree.FilePath), FolderOf(to), tree.FilePath, line, symbol.Name);

    // The type that a name names, or that holds the member it names.
    private static INamedTypeSymbol? Declared(SemanticModel model, SimpleNameSyntax name)
    {
        var info = model.GetSymbolInfo(name);
        return (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) switch
        {
            INamedTypeSymbol type => type.OriginalDefinition,
            IMethodSymbol { ReducedFrom: { } extension } => extension.ContainingType.OriginalDefinition,
            { ContainingType: { } type } => type.OriginalDefinition,
            _ => null,
        };
    }

    private static string FolderOf(string path) => new SourceFile(path, "").Folder;
}
