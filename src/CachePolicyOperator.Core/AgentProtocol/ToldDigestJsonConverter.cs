using System.Text.Json;
using System.Text.Json.Serialization;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// A digest that an event tells of, or the empty string where the agent does not know it. Whatever else stands there
/// reads as unknown: no leak goes unheard because its digest cannot be read.
/// </summary>
internal sealed class ToldDigestJsonConverter : JsonConverter<Digest?>
{
    public override bool HandleNull => true;

    public override Digest? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Digest.Read(reader.GetString());
        }

        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, Digest? value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value?.ToString() ?? "");
}
