using System.Text.Json;
using System.Text.Json.Serialization;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// The messages of <see cref="AgentApi"/>, read and written by code made at build, for the agent is compiled to machine
/// code and looks for no members at run time. A list of another element needs its converter and its array here.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(EquatableListJsonConverter<string>),
        typeof(EquatableListJsonConverter<Digest>),
        typeof(EquatableListJsonConverter<GuardedRoute>),
        typeof(EquatableListJsonConverter<Sighting>),
        typeof(JsonStringEnumConverter<CacheLevel>),
        typeof(JsonStringEnumConverter<LeakResponse>),
    ])]
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(GuardConfiguration))]
[JsonSerializable(typeof(RevisionPackage))]
[JsonSerializable(typeof(Activation))]
[JsonSerializable(typeof(LevelOrder))]
[JsonSerializable(typeof(StoredPages))]
[JsonSerializable(typeof(TrialOrder))]
[JsonSerializable(typeof(AgentEvent))]
[JsonSerializable(typeof(LeakDetected[]))]
[JsonSerializable(typeof(AgentError))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Digest[]))]
[JsonSerializable(typeof(GuardedRoute[]))]
[JsonSerializable(typeof(Sighting[]))]
internal sealed partial class AgentJson : JsonSerializerContext;
