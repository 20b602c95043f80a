using System.Text;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Tests.Documents;

/// <summary>docs/api.md is what crds/ says of every field.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task The_reference_of_the_kinds_is_their_schema()
    {
        var text = new StringBuilder("""
            # The kinds

            Every field of `cachepolicy.dev/v1alpha1`, as `kubectl explain` has it too. Made of `crds/` by `make docs`; a test compares it. What a field that does nothing yet
            says at `kubectl apply` is `policy/not-yet`.


            """);
        foreach (var file in Directory.EnumerateFiles(Repository.Crds, "*.yaml").Order(StringComparer.Ordinal))
        {
            var spec = YamlDocuments.Read(await File.ReadAllBytesAsync(file), null).Documents[0].Root.Find("spec")!;
            var names = spec.Find("names")!;
            var schema = spec.Find("versions")!.Items[0].Find("schema")!.Find("openAPIV3Schema")!;
            var shortNames = names.Find("shortNames")?.Items.Select(n => $"`{n.Text}`") ?? [];
            text.Append(
                $"## {names.Find("kind")!.Text}\n\n{Described(schema)} Short: {string.Join(", ", shortNames)}.\n\n");
            foreach (var part in new[] { "spec", "status" })
            {
                text.Append("| field | type | what |\n|---|---|---|\n");
                Write(schema.Find("properties")!.Find(part)!, part, text);
                text.Append('\n');
            }
        }

        await WrittenDocument.AssertAsync("api.md", $"{text.ToString().TrimEnd('\n')}\n");
    }

    private static void Write(DocumentNode schema, string path, StringBuilder text)
    {
        var required = schema.Find("required")?.Items.Select(r => r.Text).ToArray() ?? [];
        foreach (var field in schema.Find("properties")?.Fields ?? [])
        {
            var (below, what, element) = ($"{path}.{field.Name}", field.Value, field.Value.Find("items"));
            text.Append(
                $"| `{below}{(element is null ? "" : "[]")}` | "
                    + $"{TypeOf(what, element)}{(required.Contains(field.Name) ? ", required" : "")} | "
                    + $"{Described(what)} |\n");
            Write(element ?? what, element is null ? below : $"{below}[]", text);
        }
    }

    private static string TypeOf(DocumentNode schema, DocumentNode? element)
    {
        var of = element ?? schema;
        var type = of.Find("type")?.Text ?? "any";
        // What every number of JSON keeps within says nothing of this one.
        var range = of.Find("minimum")?.Text is { Length: < 16 } least
            && of.Find("maximum")?.Text is { Length: < 16 } most ? $" {least}…{most}" : "";
        return $"{(element is null ? "" : "list of ")}{type}{range}";
    }

    // The list of fields that `kubectl explain` shows is the table itself.
    private static string Described(DocumentNode schema) =>
        (schema.Find("description")?.Text ?? "").Split("\n\n")[0].ReplaceLineEndings(" ")
            .Replace("|", "\\|", StringComparison.Ordinal).Trim();
}
