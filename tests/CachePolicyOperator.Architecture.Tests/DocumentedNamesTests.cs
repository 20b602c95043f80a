using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CachePolicyOperator.Architecture.Tests;

/// <summary>Classes and members that the documents for developers name are there.</summary>
[Collection(nameof(SourceTree))]
public sealed partial class DocumentedNamesTests(SourceTree source)
{
    [Theory]
    [InlineData("docs/proof.md")]
    [InlineData("src/README.md")]
    public void A_type_that_is_named_is_declared(string document)
    {
        var declared = Declared();
        // Folders and conditions are called by their own names.
        var others = source.Projects.Values.SelectMany(p => p.Files).SelectMany(f => f.Folder.Split('/'))
            .Concat(declared["PolicyConditions"]).ToHashSet(StringComparer.Ordinal);

        var missing =
            from match in Named().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, document)))
            let member = match.Groups["member"].Value
            let members = declared.GetValueOrDefault(match.Groups["type"].Value)
            where !others.Contains(match.Groups["type"].Value)
            where members is null || (member.Length > 0 && !members.Contains(member))
            select match.Value;

        Assert.Equal("", string.Join(' ', missing.Distinct()));
    }

    /// <summary>Types of src and tests, each with the names of its members.</summary>
    private static Dictionary<string, HashSet<string>> Declared()
    {
        var types =
            from directory in new[] { "src", "tests" }
            let path = Path.Combine(SourceTree.Root, directory)
            from file in Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
            where !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")
            let root = CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot()
            from type in root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            select type;
        return types.GroupBy(t => t.Identifier.Text, StringComparer.Ordinal)
            .ToDictionary(
                g => g.Key, g => g.SelectMany(Members).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Members(BaseTypeDeclarationSyntax type) =>
        type.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.Text);

    // A name in backticks of two humps or more, after a folder or alone, with a member or without.
    [GeneratedRegex(
        "`(?:[A-Za-z]+/)*(?<type>(?!CachePolicyOperator)I?[A-Z][a-z]+(?:[A-Z][a-z]+)+)"
        + "(?:\\.(?<member>[A-Z][A-Za-z]+))?`")]
    private static partial Regex Named();
}
