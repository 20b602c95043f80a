using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CachePolicyOperator.Architecture.Tests;

/// <summary>One project as its author wrote it: name, source files, and what it is built on.</summary>
internal sealed partial record SourceProject(
    string Name,
    bool IsWeb,
    ImmutableArray<string> Projects,
    ImmutableArray<string> Packages,
    ImmutableArray<SourceFile> Files)
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.Parse);

    // What the SDKs import by themselves (ImplicitUsings).
    private const string UsingsOfAll = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private const string UsingsOfWeb = """
        global using System.Net.Http.Json;
        global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http; global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration; global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting; global using Microsoft.Extensions.Logging;
        """;

    /// <summary>Reads the project of a directory.</summary>
    public static SourceProject Read(string directory)
    {
        var name = Path.GetFileName(directory);
        var file = XDocument.Load(Path.Combine(directory, name + ".csproj"));
        return new SourceProject(
            name,
            file.Root!.Attribute("Sdk")!.Value == "Microsoft.NET.Sdk.Web",
            [.. Included(file, "ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p))],
            [.. Included(file, "PackageReference")],
            [.. Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(directory, f).Replace('\\', '/'))
                .Where(f => f.Split('/')[0] is not ("obj" or "bin"))
                .Order(StringComparer.Ordinal)
                .Select(f => new SourceFile(f, File.ReadAllText(Path.Combine(directory, f))))]);
    }

    /// <summary>
    /// The project compiled against the others that it may know, without what source generators add but the members
    /// that every JSON context gets.
    /// </summary>
    public CSharpCompilation Compile(IEnumerable<Compilation> others) => CSharpCompilation.Create(
        Name,
        [
            CSharpSyntaxTree.ParseText(UsingsOfAll + (IsWeb ? UsingsOfWeb : ""), Options),
            .. Files.Select(f => CSharpSyntaxTree.ParseText(f.Text, Options, f.Path)),
            .. Files.SelectMany(JsonContexts),
        ],
        [.. Libraries.Value, .. others.Select(c => c.ToMetadataReference())],
        new CSharpCompilationOptions(
            Files.Any(f => f.Path == "Program.cs")
                ? OutputKind.ConsoleApplication
                : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            allowUnsafe: true));

    // All that this test runs with, but for our own.
    private static readonly Lazy<ImmutableArray<MetadataReference>> Libraries = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => !Path.GetFileName(p).StartsWith("CachePolicyOperator.", StringComparison.Ordinal))
            .Where(p => !Path.GetFileName(p).StartsWith("cachepolicy", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(
                p, new MetadataReferenceProperties(aliases: Path.GetFileName(p) == "KubernetesClient.Aot.dll" ? ["aot"]
                    : []))),
    ]);

    private static IEnumerable<SyntaxTree> JsonContexts(SourceFile file) =>
        from context in JsonContext().Matches(file.Text)
        select CSharpSyntaxTree.ParseText($$"""
            {{string.Concat(Using().Matches(file.Text).Select(u => u.Value))}}
            namespace {{Namespace().Match(file.Text).Groups[1].Value}};
            partial class {{context.Groups[1].Value}}(System.Text.Json.JsonSerializerOptions? options) : System.Text.Json.Serialization.JsonSerializerContext(options)
            {
                public static {{context.Groups[1].Value}} Default => new(null);
                protected override System.Text.Json.JsonSerializerOptions? GeneratedSerializerOptions => null;
                public override System.Text.Json.Serialization.Metadata.JsonTypeInfo? GetTypeInfo(Type type) => null;
                {{string.Concat(JsonType().Matches(file.Text).Select(t =>
                    $"public System.Text.Json.Serialization.Metadata.JsonTypeInfo<{t.Groups[1].Value}> {t.Groups[1].Value.Replace("[]", "Array", StringComparison.Ordinal)} => null!;\n"))}}
            }
            """, Options);

    [GeneratedRegex(@"partial class (\w+) : JsonSerializerContext;")]
    private static partial Regex JsonContext();

    [GeneratedRegex(@"(?m)^\[JsonSerializable\(typeof\((\w+(?:\[\])?)\)\)\]$")]
    private static partial Regex JsonType();

    [GeneratedRegex(@"(?m)^namespace (.+);$")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?m)^using .+;\n")]
    private static partial Regex Using();

    private static IEnumerable<string> Included(XDocument file, string item) =>
        file.Descendants(item).Select(e => e.Attribute("Include")!.Value.Replace('\\', '/'));
}

/// <summary>A source file: its path within the project, with slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The folder that holds it; empty for the project's own directory.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');
}
