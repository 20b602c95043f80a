using System.Text.Json;
using System.Text.Json.Nodes;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>One step of a JSON Patch (RFC 6902).</summary>
public sealed record JsonPatchOperation(string Op, string Path, JsonNode? Value = null)
{
    public static JsonPatchOperation Add(string path, JsonNode? value) => new("add", path, value);

    public static JsonPatchOperation Replace(string path, JsonNode? value) => new("replace", path, value);

    public static JsonPatchOperation Remove(string path) => new("remove", path);

    /// <summary>The whole patch fails unless the value is there.</summary>
    public static JsonPatchOperation Test(string path, JsonNode? value) => new("test", path, value);

    /// <summary>Where an annotation is, as a JSON pointer.</summary>
    public static string Annotation(string name) =>
        $"/metadata/annotations/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    internal static string Write(IReadOnlyList<JsonPatchOperation> operations)
    {
        var array = new JsonArray();
        foreach (var operation in operations)
        {
            var step = new JsonObject { ["op"] = operation.Op, ["path"] = operation.Path };
            if (operation.Op != "remove")
                step["value"] = operation.Value?.DeepClone();
            array.Add(step);
        }

        return array.ToJsonString(JsonSerializerOptions.Default);
    }
}
