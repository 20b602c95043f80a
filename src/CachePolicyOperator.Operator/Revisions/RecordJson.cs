using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Operator.Revisions;

/// <summary>How the operator writes what it keeps for itself: as messages to agents, and of any type.</summary>
internal static class RecordJson
{
    public static JsonSerializerOptions Options { get; } = new(AgentApi.Json)
    {
        Converters = { new JsonStringEnumConverter(), new ListConverters() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Makes the converter of an <see cref="EquatableList{T}"/>, whatever its elements.</summary>
    private sealed class ListConverters : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(EquatableList<>);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(
                typeof(EquatableListJsonConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()[0]))!;
    }
}
