using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Oracle.Fuzz;

namespace CachePolicyOperator.Oracle.Generate;

/// <summary>
/// VCL that lies about in files: whole ones, and what golden files say that the renderer writes. Their backends become
/// our origin.
/// </summary>
internal static class FixtureText
{
    public static IReadOnlyList<string> Find(IEnumerable<string> directories) =>
    [
        .. directories.Where(Directory.Exists)
            .SelectMany(d => Directory.EnumerateFiles(d, "*.*", SearchOption.AllDirectories))
            .Where(f => f.EndsWith(".vcl", StringComparison.Ordinal) || f.EndsWith(".golden", StringComparison.Ordinal))
            .Where(f => !f.Contains("/bin/", StringComparison.Ordinal)
                && !f.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(f => Read(File.ReadAllText(f))).OfType<string>(),
    ];

    /// <summary>The VCL in a text, with our origin behind it; null where there is none that can be read.</summary>
    public static string? Read(string text)
    {
        var start = text.StartsWith("vcl 4", StringComparison.Ordinal) ? 0
            : text.IndexOf("\nvcl 4", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var end = text.IndexOf("\n----------", start, StringComparison.Ordinal);
        var parse = VclParser.Parse("fixture.vcl", end < 0 ? text[start..] : text[start..end]);
        return parse.HasErrors ? null : WithOurOrigin(parse.File);
    }

    private static string WithOurOrigin(VclFile file)
    {
        var declarations = file.Declarations.Items.Where(d => d is not ProbeDeclaration)
            .Select(d => d is BackendDeclaration { None: false } backend ? backend with { Properties = Ours } : d);
        return CanonicalPrinter.Print(file with { Declarations = declarations.ToEquatableList() }).Text;
    }

    private static EquatableList<BackendProperty> Ours { get; } =
        ((BackendDeclaration)VclParser.Parse("origin.vcl",
            $$"""vcl 4.1; backend x { .host = "127.0.0.1"; .port = "{{Case.Port}}"; }""")
            .File.Declarations[1]).Properties;
}
