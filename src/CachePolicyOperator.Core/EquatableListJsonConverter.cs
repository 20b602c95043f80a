using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CachePolicyOperator.Core;

/// <summary>
/// Reads and writes an <see cref="EquatableList{T}"/> as a JSON array, by what the options know of <c>T[]</c>.
/// </summary>
public sealed class EquatableListJsonConverter<T> : JsonConverter<EquatableList<T>>
{
    public override EquatableList<T> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new([.. JsonSerializer.Deserialize(ref reader, Array(options)) ?? []]);

    public override void Write(Utf8JsonWriter writer, EquatableList<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value.Items], Array(options));

    private static JsonTypeInfo<T[]> Array(JsonSerializerOptions options) =>
        (JsonTypeInfo<T[]>)options.GetTypeInfo(typeof(T[]));
}
