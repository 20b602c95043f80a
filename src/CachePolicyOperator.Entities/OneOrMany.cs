using System.Text.Json;
using System.Text.Json.Serialization;

namespace CachePolicyOperator.Entities;

/// <summary>
/// A text, or a list of texts: <c>profile: php</c> or <c>profile: [nginx, php]</c>. Keeps what was written.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class OneOrMany
{
    public OneOrMany(params string[] values)
        : this(JsonSerializer.SerializeToElement(values.Length == 1 ? values[0] : (object)values))
    {
    }

    private OneOrMany(JsonElement written) => Written = written;

    /// <summary>What was written, whatever it is: the reader tells what is wrong with it.</summary>
    public JsonElement Written { get; }

    private sealed class Converter : JsonConverter<OneOrMany>
    {
        public override OneOrMany Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, OneOrMany value, JsonSerializerOptions options) =>
            value.Written.WriteTo(writer);
    }
}
