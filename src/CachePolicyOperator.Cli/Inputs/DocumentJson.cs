using System.Text.Json;
using System.Text.Json.Nodes;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>A document as a tree that can be changed. Comments are not in it.</summary>
internal static class DocumentJson
{
    public static JsonNode? Of(DocumentNode node) => node.Kind switch
    {
        NodeKind.Map => new JsonObject(node.Fields.Select(f => KeyValuePair.Create(f.Name, Of(f.Value)))),
        NodeKind.List => new JsonArray([.. node.Items.Select(Of)]),
        NodeKind.Boolean => JsonValue.Create(node.Text == "true"),
        NodeKind.Number => Number(node.Text),
        NodeKind.Null => null,
        _ => JsonValue.Create(node.Text),
    };

    // YAML knows more ways to write a number than JSON.
    private static JsonNode? Number(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
