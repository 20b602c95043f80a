using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CachePolicyOperator.Entities;

/// <summary>
/// A value that may be written in several forms: <c>profile: php</c> or <c>profile: [nginx, php]</c>. Keeps what was
/// written; a structural schema can only leave it open.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class AnyForm
{
    public AnyForm(params string[] values)
        : this(Element(values.Length == 1 ? values[0] : new JsonArray([.. values.Select(v => JsonValue.Create(v))])))
    {
    }

    private AnyForm(JsonElement written) => Written = written;

    /// <summary>What was written, whatever it is: the reader tells what is wrong with it.</summary>
    public JsonElement Written { get; }

    private static JsonElement Element(JsonNode written)
    {
        using var document = JsonDocument.Parse(written.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>Keeps what was written. Public for the code that is made for it in other projects.</summary>
    public sealed class Converter : JsonConverter<AnyForm>
    {
        public override AnyForm Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, AnyForm value, JsonSerializerOptions options) =>
            value.Written.WriteTo(writer);
    }
}
