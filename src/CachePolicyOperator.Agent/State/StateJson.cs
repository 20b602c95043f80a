using System.Text.Json.Serialization;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.State;

/// <summary>
/// How the files of the <see cref="StateDirectory"/> are written: as the messages are, of which they are made.
/// </summary>
[JsonSourceGenerationOptions(
    Converters = [typeof(EquatableListJsonConverter<Digest>), typeof(JsonStringEnumConverter<CacheLevel>)])]
[JsonSerializable(typeof(ProvenState))]
[JsonSerializable(typeof(GuardRecord))]
[JsonSerializable(typeof(long[]))]
internal sealed partial class StateJson : JsonSerializerContext;
